/**
 * IPv6 ranges that Amazon chooses when a VPC is made. No template can know them, yet all that a network does with them
 * follows from what they are not: no other VPC's range, and no range that somebody wrote down. So a range of our own
 * stands in for each, unless a template or parameter names global IPv6 ranges, which might be the very ones.
 */
import type { Prefix } from '../../base/net';
import type { ResourceId } from '../network';

/**
 * Global unicast ranges that are narrower than the internet as a whole: `2600:1f18::/33`, `2a05:d01c::1/128`; or the
 * beginning of one, whose length is joined to it elsewhere: `2600:1f18::`.
 */
const NAMED_RANGE = /\b[23][0-9a-f]{3}:[0-9a-f:]*(?:\/(\d{1,3})\b|:(?![0-9a-f:/]))/gi;
const WHOLE_INTERNET = 3;
/** 2001:db8::/32, which is nobody's (RFC 3849): whoever writes an example takes it. */
const FOR_DOCUMENTATION = /^2001:0?db8:/i;
const DOCUMENTATION = 32;

export function namesGlobalIpv6(texts: Iterable<string>): boolean {
  for (const text of texts) {
    for (const [range, length] of text.matchAll(NAMED_RANGE)) {
      const isExample = FOR_DOCUMENTATION.test(range) && Number(length ?? DOCUMENTATION) >= DOCUMENTATION;
      if (Number(length ?? DOCUMENTATION) > WHOLE_INTERNET && !isExample) return true;
    }
  }
  return false;
}

/** A /56 that is the same for the same VPC, and as good as never the same for two. */
export function standInRange(vpc: ResourceId): Prefix {
  let hash = 0x811c9dc5;
  for (let at = 0; at < vpc.length; at++) hash = Math.imul(hash ^ vpc.charCodeAt(at), 0x01000193) >>> 0;
  // No group of it is zero, so that it is written out in full: templates cut such texts at their `00::/56`.
  const middle = (hash & 0xffff) | 0x1000;
  const last = ((hash >>> 16) & 0xff00) | 0x1000;
  return { family: 6, words: [0x26001f00, ((middle << 16) | last) >>> 0, 0, 0], length: 56 };
}
