/**
 * The pipeline: resources -> nouns. Every type has at most one reader; each step runs for all resources before the next,
 * and resources are taken by id, so that the order of resources and templates never matters.
 */
import { unknown } from '../../network';
import type { BuiltNetwork, OpaquePart, ReadersInput } from '../resource';
import { settleBlockPublicAccess } from './block-public-access';
import { closeReferences } from './close-references';
import { settleDefaultSecurityGroups } from './custom-resource';
import { finishNetwork } from './finish-network';
import { settleListedEndpoints } from './firewall-endpoint';
import { limitSizes } from './limit-sizes';
import { hasReader, isBesideNetwork, readerOf } from './modelled';
import { openReferences, settleCrowds } from './open-references';
import { settleOpenRoutes } from './open-routes';
import { settleOpenTies } from './open-ties';
import { settleOpenVpcs } from './open-vpcs';
import { referencedIn } from './place';
import { settleManagedLists } from './prefix-list';
import { type Reader, Reading } from './reading';
import { settleRegionalNatGateways } from './regional-nat';
import { settleDefaultEgress } from './security-group';
import { settleEmptyTargetGroups } from './target-group';
import { settleTransitGateways } from './transit-gateway';
import { addUnknownInterface, touchedBy } from './unmodelled';

const STEPS = ['declare', 'attach', 'populate', 'connect'] as const satisfies readonly (keyof Reader)[];

export function buildNetwork(input: ReadersInput): BuiltNetwork {
  const sorted = [...input.resources].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const open = openReferences(sorted);
  const { resources } = open;
  const reading = new Reading(resources, input.region, input.standsInForAmazon);
  const read = resources.flatMap((resource) => {
    const reader = readerOf(resource);
    return reader ? [{ resource, reader }] : [];
  });
  for (const step of STEPS) {
    for (const { resource, reader } of read) reader[step]?.(resource, reading);
  }
  for (const part of input.opaque) addOpaque(part, reading);
  settleCrowds(open, reading);
  reading.settlePlaces();
  settleDefaultEgress(reading);
  settleRegionalNatGateways(reading);
  settleBlockPublicAccess(reading);
  settleDefaultSecurityGroups(reading);
  settleEmptyTargetGroups(reading);
  settleOpenTies(reading);
  settleOpenVpcs(reading);
  settleOpenRoutes(reading);
  settleTransitGateways(reading);
  settleListedEndpoints(reading);
  limitSizes(reading);
  closeReferences(reading);
  settleManagedLists(reading);
  return { network: finishNetwork(reading), diagnostics: reading.diagnostics };
}

/**
 * A part of the templates that could not be read may make anything. What it is given says what it touches; given subnets
 * or groups, it stands there.
 */
function addOpaque(part: OpaquePart, reading: Reading): void {
  const { id, origin, reason, parameters, kind, stack } = part;
  // queues, topics and the like, however many
  if (part.types?.every((type) => !hasReader(type))) return;
  const resource = reading.resource(id);
  const touches = resource ? touchedBy(resource, reading) : [];
  const isWhole = id === stack || kind === 'for-each' || id === `${stack}.Fn::Transform`;
  const mayChange = isWhole ? { stack } : ('touched' as const);
  const isBeside = part.types?.every(isBesideNetwork) === true;
  reading.add('unmodelled', {
    ...{ id, origin, certain: true, reason, touches },
    ...(!isBeside && { mayChange }),
    parameters: [...parameters],
  });
  if (!resource || reading.get('interfaces', id)) return;
  const subnets = referencedIn('subnets', resource, reading);
  const groups = referencedIn('securityGroups', resource, reading);
  if (subnets.length > 0 && subnets.every(({ certain }) => !certain)) {
    const unseen = reading.obtain('subnets', `${id}#subnet`, unknown(reason, parameters));
    subnets.push({ value: unseen.id, certain: false });
  }
  if (subnets.length > 0 || groups.length > 0) addUnknownInterface(resource, reading, subnets, groups, reason);
}
