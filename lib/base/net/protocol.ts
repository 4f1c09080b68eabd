/**
 * IP protocol numbers and the names by which AWS knows them.
 * Source: IANA assigned internet protocol numbers; `icmpv6` and `all` as EC2 writes them.
 */
export const TCP = 6;
export const UDP = 17;
export const ICMP = 1;
export const ICMPV6 = 58;

const NUMBER_OF: Readonly<Record<string, number>> = {
  tcp: TCP,
  udp: UDP,
  icmp: ICMP,
  icmpv6: ICMPV6,
  esp: 50,
  ah: 51,
  gre: 47,
  sctp: 132,
};

/** `tcp`, `TCP`, `6`, `"6"` → 6; `-1`, `all`, `any` → `all`; undefined where the text names no protocol. */
export function tryParseProtocol(text: string | number): number | 'all' | undefined {
  const word = String(text).trim().toLowerCase();
  if (word === '-1' || word === 'all' || word === 'any') return 'all';
  if (/^\d{1,3}$/.test(word)) return Number(word) <= 255 ? Number(word) : undefined;
  return NUMBER_OF[word];
}

export function formatProtocol(protocol: number | 'all'): string {
  if (protocol === 'all') return 'any';
  return Object.entries(NUMBER_OF).find(([, number]) => number === protocol)?.[0] ?? String(protocol);
}
