/**
 * The pipeline: resources -> nouns. Every type has at most one reader; each step runs for all resources before the next,
 * so that the order of resources and templates never matters.
 */
import type { ResourceId } from '../../network';
import type { BuiltNetwork, OpaquePart, ReadersInput } from '../resource';
import { closeReferences } from './close-references';
import { settleDefaultSecurityGroups } from './custom-resource';
import { finishNetwork } from './finish-network';
import { readerOf } from './modelled';
import { type Reader, Reading } from './reading';
import { settleDefaultEgress } from './security-group';
import { settleEmptyTargetGroups } from './target-group';
import { settleTransitGateways } from './transit-gateway';

const STEPS = ['declare', 'attach', 'populate', 'connect'] as const satisfies readonly (keyof Reader)[];

export function buildNetwork(input: ReadersInput): BuiltNetwork {
  const reading = new Reading(input.resources, input.region);
  const readers = input.resources.map((resource) => readerOf(resource));
  for (const step of STEPS) {
    input.resources.forEach((resource, index) => {
      readers[index]?.[step]?.(resource, reading);
    });
  }
  for (const part of input.opaque) addOpaque(part, reading);
  settleDefaultEgress(reading);
  settleDefaultSecurityGroups(reading);
  settleEmptyTargetGroups(reading);
  settleTransitGateways(reading);
  closeReferences(reading);
  return { network: finishNetwork(reading), diagnostics: reading.diagnostics };
}

/** A part of the templates that could not be read may make anything. */
function addOpaque(part: OpaquePart, reading: Reading): void {
  const touches: readonly ResourceId[] = [];
  const { id, origin, reason } = part;
  reading.add('unmodelled', { id, origin, certain: true, reason, touches: [...touches] });
}
