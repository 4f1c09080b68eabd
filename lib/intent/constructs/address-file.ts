/**
 * `addresses.json` beside the zone files: the memory that keeps what was there first in its place. Like a lock file, it
 * is written by the app that is deployed, and committed.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Diagnostic } from '../../base/diagnostics';
import type { AddressLedger } from '../plan';
import { EstateError } from './estate-error';

const NAME = 'addresses.json';

/** @param estate a folder of zone files, or one file: then `<file>.addresses.json` */
export function addressFileOf(estate: string): string {
  return fs.existsSync(estate) && fs.statSync(estate).isDirectory()
    ? path.join(estate, NAME)
    : `${estate.replace(/\.ya?ml$/i, '')}.${NAME}`;
}

/**
 * Empty where there is no such file.
 * @throws EstateError where the file is not a record of texts
 */
export function readAddresses(file: string): AddressLedger {
  if (!fs.existsSync(file)) return {};
  const ledger = parse(fs.readFileSync(file, 'utf8'));
  if (!ledger) throw new EstateError([unreadable(file)]);
  return ledger;
}

/** Writes only where something changed. @returns whether it did */
export function writeAddresses(file: string, ledger: AddressLedger): boolean {
  const text = `${JSON.stringify(ledger, undefined, 2)}\n`;
  if (fs.existsSync(file) && fs.readFileSync(file, 'utf8') === text) return false;
  const partial = `${file}.${process.pid}.partial`;
  fs.writeFileSync(partial, text);
  fs.renameSync(partial, file);
  return true;
}

function parse(text: string): AddressLedger | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const entries = Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
    return entries.length === Object.keys(value).length ? Object.fromEntries(entries) : undefined;
  } catch {
    return undefined;
  }
}

function unreadable(file: string): Diagnostic {
  return {
    code: 'ADDRESSES_UNREADABLE',
    severity: 'error',
    message: `\`${file}\` is not a list of names with their ranges`,
    help: 'restore the committed file; deleting it could move what is deployed',
    span: { file, line: 1, column: 1 },
  };
}
