/**
 * Other tools' networks: the test networks of Batfish and np-guard, the causes that AWS's analyzers name, the pass and fail
 * pairs of lint tools, with the verdicts that they expect. The templates are ours, in `test/fixtures/strangers`.
 */
import fs from 'node:fs';
import path from 'node:path';
import { describeFlowTable } from './flow-table';

const FOLDER = path.join(__dirname, '../fixtures/strangers');

describe.each(fs.readdirSync(FOLDER))('networks of others: %s', (source) => {
  describeFlowTable(path.join(FOLDER, source));
});
