#!/usr/bin/env node
import { run } from '../lib/surfaces/cli';
import { processTerminal } from '../lib/surfaces/cli/terminal';

// a reader that has seen enough (`| head`) is no fault: the exit code still tells the verdict
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

run(process.argv.slice(2), processTerminal()).then((code) => {
  process.exitCode = code;
});
