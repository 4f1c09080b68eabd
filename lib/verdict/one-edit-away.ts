import { LIFTS } from '../evidence/edits';
import type { Flow, NetworkModel } from '../evidence/network';
import { Openings } from './openings';
import type { SingleEdit } from './result';

/** The one edit that would let a stopped flow pass, and be answered; undefined where it takes two, or nobody can tell. */
export function editThatOpens(network: NetworkModel, flow: Flow): SingleEdit | undefined {
  for (const liftOf of LIFTS) {
    const lift = liftOf(network);
    const opening = lift && new Openings(lift, network).find(flow);
    if (!opening) continue;
    const { resource, kind, what } = opening.edit;
    return { resource, kind, what };
  }
  return undefined;
}
