/**
 * Words for what may not exist, so that a verdict that hangs on a condition names the condition and its parameters.
 */
import type { Origin } from './noun';
import type { Unknown } from './value';

/** Why it is not certain that `what` exists. */
export function mayNotExist(what: string, origin: Origin): Pick<Unknown, 'reason' | 'parameters'> {
  const { doubt } = origin;
  return doubt === undefined
    ? { reason: `${what} may not exist`, parameters: [] }
    : { reason: `${what} may not exist: ${doubt.reason}`, parameters: doubt.parameters };
}
