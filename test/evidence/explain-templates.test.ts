/**
 * End to end: templates as people write them, and for each flow what AWS does with it. The templates and the table of
 * flows, by the facts of SEMANTICS.md, are in `test/fixtures/templates`.
 */
import path from 'node:path';
import { describeFlowTable } from './flow-table';

describeFlowTable(path.join(__dirname, '../fixtures/templates'));
