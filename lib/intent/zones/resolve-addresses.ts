/** Address texts → prefixes, with the likely fix where they are none; and who claims which addresses. */
import type { SourceSpan } from '../../base/diagnostics';
import { formatPrefix, hasHostBits, type Prefix, tryParseAddress, tryParsePrefix } from '../../base/net';
import type { DiagnosticLog } from './diagnostic-codes';

/** Someone says that these addresses are theirs. */
export interface AddressClaim {
  readonly prefix: Prefix;
  /** as a reader would say it: "zone `ehr`" */
  readonly owner: string;
  readonly kind: 'pool' | 'vpc' | 'zone';
  /** the shared VPC that the claim lies inside of, if any: there it may overlap the VPC's own claim */
  readonly within?: string;
  readonly span: SourceSpan;
}

export interface CidrOptions {
  /** Cordon lays out IPv4 only; sites, templates and the outside may be either */
  readonly ipv4Only?: boolean;
}

export function resolveCidr(
  text: string,
  span: SourceSpan,
  log: DiagnosticLog,
  options: CidrOptions = {},
): Prefix | undefined {
  const prefix = tryParsePrefix(text);
  if (!prefix) {
    const isAddress = tryParseAddress(text) !== undefined;
    const help = isAddress
      ? `write \`${text.trim()}/${text.includes(':') ? 128 : 32}\` for the one address`
      : 'write an address and a prefix length, e.g. `10.130.4.0/26`';
    log.report('CIDR_INVALID', span, `\`${cut(text)}\` is not an address range`, { help });
    return undefined;
  }
  if (hasHostBits(text)) {
    log.report('CIDR_HOST_BITS', span, `\`${text.trim()}\` has bits set behind its /${prefix.length}`, {
      help: `write \`${formatPrefix(prefix)}\`, or a longer prefix if fewer addresses were meant`,
    });
    return undefined;
  }
  if (options.ipv4Only && prefix.family === 6) {
    log.report('CIDR_FAMILY', span, `\`${text.trim()}\` is IPv6, expected IPv4`, {
      help: 'Cordon lays out VPCs in IPv4; IPv6 ranges belong to sites, templates and the outside',
    });
    return undefined;
  }
  return prefix;
}

export function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** `a`, `[a, b]` or nothing → a list, each item with its place below `key`. */
export function listed<T>(
  value: T | readonly T[] | undefined,
  key: string,
): { readonly item: T; readonly path: (string | number)[] }[] {
  if (value === undefined) return [];
  if (!isList(value)) return [{ item: value, path: [key] }];
  return value.map((item, index) => ({ item, path: [key, index] }));
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}
