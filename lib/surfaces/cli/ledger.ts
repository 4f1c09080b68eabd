import * as path from 'node:path';
import { addressFileOf, readAddresses } from '../../intent/constructs/address-file';
import { EstateError } from '../../intent/constructs/estate-error';
import type { AddressLedger } from '../../intent/plan';
import { InputError } from './input-error';

/**
 * The ranges of an earlier plan, from the file that is committed beside the zone files: these never move.
 * Imported past the folder's index, which loads CDK: planning needs none of it.
 */
export function readLedger(estate: string, cwd: string): AddressLedger {
  try {
    return readAddresses(addressFileOf(path.resolve(cwd, estate)));
  } catch (error) {
    if (error instanceof EstateError) throw new InputError(error.diagnostics);
    throw error;
  }
}
