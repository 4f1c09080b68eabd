#!/usr/bin/env node
import { run } from '../lib/surfaces/cli';
import { processTerminal } from '../lib/surfaces/cli/terminal';

run(process.argv.slice(2), processTerminal()).then((code) => {
  process.exitCode = code;
});
