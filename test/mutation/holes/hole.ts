/**
 * A way to open a path that nobody declared: what it is called, in which layer it is made, and which claim must fall.
 */
import type { Layer } from '../layers';
import type { Templates } from '../templates';

export interface Hole {
  readonly name: string;
  readonly layer: Layer;
  /** the claim, or the beginning of its id */
  readonly claim: string;
  readonly verdict: 'violated' | 'unknown';
  readonly mutate: (templates: Templates) => void;
  /** what the reasons of the fallen claims must name */
  readonly names?: string;
}

/** The same, and its reasons name what is not understood. */
export function naming(names: string, one: Hole): Hole {
  return { ...one, names };
}

export function hole(
  name: string,
  claim: string,
  mutate: Hole['mutate'],
  verdict: Hole['verdict'] = 'violated',
  layer: Layer = 'without network ACLs',
): Hole {
  return { name, layer, claim, verdict, mutate };
}

export const OPEN_ASSETS: Layer = 'with every asset open';
export const TO_HUB: Layer = 'with every asset open and every VPC routing to the hub';
export const FROM_HUB: Layer = 'with every asset open and the hub routing to every VPC';
