/**
 * A value that a template may leave open. What is not understood is never dropped: it widens *may*, narrows *must*,
 * and is named in the verdict.
 */
export interface Unknown {
  readonly unknown: true;
  /** what is not known and why, e.g. "parameter `DbSubnet` has no value" */
  readonly reason: string;
  /** parameters that would decide it, as `Stack.Name`; sorted */
  readonly parameters: readonly string[];
  /** two unknowns with equal tokens have the same value, whatever it is (the same parameter, in both places) */
  readonly token?: string;
  /** of a range: nobody knows which it is, but it is one of these addresses */
  readonly family?: 4 | 6;
}

/** No `T` used here has a field `unknown`. */
export type Value<T> = T | Unknown;

export function unknown(reason: string, parameters: readonly string[] = []): Unknown {
  return { unknown: true, reason, parameters: [...new Set(parameters)].sort() };
}

/** The same, of a range whose family of addresses is known all the same. */
export function ofFamily<T>(value: Value<T>, family: 4 | 6): Value<T> {
  return isUnknown(value) ? { ...value, family } : value;
}

export function isUnknown<T>(value: Value<T>): value is Unknown {
  return typeof value === 'object' && value !== null && 'unknown' in value && value.unknown === true;
}

export function isKnown<T>(value: Value<T>): value is T {
  return !isUnknown(value);
}

/** The known value, or the fallback where it is not known. */
export function knownOr<T>(value: Value<T> | undefined, fallback: T): T {
  return value === undefined || isUnknown(value) ? fallback : value;
}
