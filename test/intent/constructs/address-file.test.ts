import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addressFileOf, EstateError, readAddresses, writeAddresses } from '../../../lib/intent/constructs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cordon-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('what was written is read back, and an unchanged ledger is not written again', () => {
  const file = addressFileOf(folder);
  expect(file).toBe(join(folder, 'addresses.json'));
  expect(readAddresses(file)).toEqual({});
  const ledger = { 'vpc:a': '10.64.0.0/22' };
  expect(writeAddresses(file, ledger)).toBe(true);
  expect(readAddresses(file)).toEqual(ledger);
  expect(writeAddresses(file, ledger)).toBe(false);
});

test('an estate in one file has its ledger beside it', () => {
  expect(addressFileOf('clinic/estate.yaml')).toBe('clinic/estate.addresses.json');
});

test.each(['{', '[]', '{"a": 1}', 'null'])('a ledger that says something else is refused: %s', (text) => {
  const file = join(folder, 'addresses.json');
  writeFileSync(file, text);
  expect(() => readAddresses(file)).toThrow(EstateError);
  expect(readFileSync(file, 'utf8')).toBe(text);
});
