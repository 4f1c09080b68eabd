/**
 * Which address ranges count as open to everyone. Halves and quarters of the address space are as open as all of it, so
 * the question is one of size and never of spelling (SEMANTICS 22).
 */
import { formatPrefix, tryParsePrefix } from '../../base/net';
import { isRecord, outlineOf, type Properties, textAt, UndecidedProperty } from './subject';

/** No organisation was ever given a range as wide as this, so no estate can mean it as its own: IPv4 /7, IPv6 /15. */
const WIDEST_PRIVATE = { 4: 8, 6: 16 } as const;

/** The range where it is open, undefined where it is narrow. */
export function openRange(text: string): string | undefined {
  const prefix = tryParsePrefix(text) ?? tryParsePrefix(`${text}/${text.includes(':') ? 128 : 32}`);
  if (!prefix) throw new UndecidedProperty('address range', text);
  return prefix.length < WIDEST_PRIVATE[prefix.family] ? formatPrefix(prefix) : undefined;
}

/** `CidrIp` and `CidrIpv6` of a rule, where they are open. */
export function openRangesOf(rule: Properties): readonly string[] {
  const written = ['CidrIp', 'CidrIpv6'].filter((property) => !isBlockOfNetwork(rule[property]));
  return written.flatMap((property) => textAt(rule, property) ?? []).flatMap((range) => openRange(range) ?? []);
}

/** A VPC's or subnet's own block, whatever it is: AWS makes none wider than /16. */
function isBlockOfNetwork(value: unknown): boolean {
  const attribute = isRecord(value) ? value['Fn::GetAtt'] : undefined;
  return Array.isArray(attribute) && attribute[1] === 'CidrBlock';
}

/** `tcp/443`, `udp/1024-2048`, `any`: for findings, so what is not known shows as such and hides nothing. */
export function trafficOf(rule: Properties): string {
  const shown = (property: string) => (rule[property] === undefined ? undefined : outlineOf(rule[property]));
  const protocol = shown('IpProtocol') ?? '-1';
  const [from, to] = [shown('FromPort'), shown('ToPort')];
  if (protocol === '-1') return 'any';
  if (from === undefined || from === '-1') return protocol;
  return `${protocol}/${from === (to ?? from) ? from : `${from}-${to}`}`;
}
