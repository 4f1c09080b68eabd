/** Which network something speaks of, and whether a text is still what was written. */
import type { NetworkModel } from './network-model';

/** As lower-case hexadecimal. An argument, because the pure floors import nothing of Node's. */
export type Sha256 = (text: string) => string;

/** The same text for equal values: keys sorted, nothing undefined, no white space, and without the keys to `skip`. */
export function canonicalText(value: unknown, skip: readonly string[] = []): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map((one) => canonicalText(one, skip)).join()}]`;
  const object = value as Readonly<Record<string, unknown>>;
  const parts: string[] = [];
  for (const key of Object.keys(object).sort()) {
    if (object[key] === undefined || skip.includes(key)) continue;
    parts.push(`${JSON.stringify(key)}:${canonicalText(object[key], skip)}`);
  }
  return `{${parts.join()}}`;
}

/** Where nouns come from (file, line, tags) decides no packet, and neither does the order in which they are listed. */
export function hashNetwork({ resourceCount, ...network }: NetworkModel, sha256: Sha256): string {
  const nouns = Object.entries(network).map(([kind, value]: [string, unknown]) => [
    kind,
    Array.isArray(value) ? value.map((noun) => canonicalText(noun, ['origin'])).sort() : value,
  ]);
  return sha256(canonicalText(Object.fromEntries(nouns)));
}
