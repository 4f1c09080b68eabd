/**
 * Construct ids from the plan's keys. Stable: an id says what the thing is, never how many there are or in what order.
 */
import { createHash } from 'node:crypto';

/** `monitor-gateway` -> `MonitorGateway`. Where that could make two names one (`a-1`, `a1`), a short hash keeps them apart. */
export function idOf(...words: readonly string[]): string {
  const text = words.join(' ');
  const pascal = text
    .split(/[^a-zA-Z0-9]+/)
    .filter((word) => word.length > 0)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
  return /[^a-zA-Z]\d|[A-Z]/.test(words.join('-')) ? `${pascal}${shortHash(text)}` : pascal;
}

/** For things that are told apart by content, such as rules. */
export function contentId(label: string, content: string): string {
  return `${label}${shortHash(content)}`;
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8).toUpperCase();
}

/** The part of a group's key that is not the zone's name: a zone with a VPC of its own may be renamed without it. */
export function localName(key: string, zone: string | undefined): string {
  if (zone === undefined) return key.replace(/^vpc:[^/#]*[/#]*/, '') || 'vpc';
  if (key === zone) return 'zone';
  for (const separator of ['/', '#', '->'])
    if (key.startsWith(`${zone}${separator}`)) return key.slice(zone.length) || 'zone';
  return key.replace(/^vpc:[^/#]*[/#]*/, '') || key;
}
