/**
 * ZoneModel -> NetworkPlan. The pipeline reads from top to bottom: addresses, then a mechanism per conduit, then legs;
 * security groups, ACLs and routes follow from the legs.
 */
import { compareDiagnostics, type Diagnostic, hasErrors } from '../../base/diagnostics';
import { prefixesOverlap } from '../../base/net';
import type { ServiceTraffic, ZoneModel } from '../zones';
import { type AddressPlan, placesOf, planAddresses, type VpcPlace } from './address-plan';
import { layoutBlock, subnetsOf } from './block-layout';
import { legsOfConduit, partyOf, type RoleParty } from './conduit-legs';
import { estimateCost } from './cost';
import { type GroupParty, type Leg, trafficOf } from './leg';
import { checkLimits } from './limits';
import { chooseMechanism, type MechanismChoice } from './mechanism';
import type { AddressLedger, GroupKey, NetworkPlan } from './network-plan';
import type { RoleGroup, RoleGroups } from './plan-parts';
import { countQuotas } from './quotas';
import { legsOfServices, type ServiceLegs } from './service-legs';
import { checkStackIds } from './stack-ids';
import { planTransit } from './transit-tables';
import { planVpc } from './vpc-plan';

export interface PlanOptions {
  /** ranges recorded by an earlier plan (`NetworkPlan.ledger`, kept in `addresses.json`): these never move */
  readonly ledger?: AddressLedger;
}

/** The plan is absent where a diagnostic is an error. */
export interface PlanResult {
  readonly plan?: NetworkPlan;
  readonly diagnostics: readonly Diagnostic[];
}

/** @returns a plan and warnings, or the errors that stand in its way */
export function planNetwork(model: ZoneModel, options: PlanOptions = {}): PlanResult {
  const ledger = options.ledger ?? {};
  const addresses = planAddresses(model, ledger);
  const choices = model.conduits.flatMap((conduit) => {
    const choice = chooseMechanism(model, conduit);
    return choice ? [{ conduit, choice }] : [];
  });
  const roles = roleParties(model, addresses);
  const crossing = choices.map(({ conduit, choice }) => legsOfConduit(conduit, choice, addresses, roles.ofZone));
  const services = [...addresses.vpcs.values()].map((vpc) => ({
    vpc,
    legs: legsOfServices(vpc, addresses, roles.ofZone, ledger),
  }));
  const transit = planTransit(
    crossing.flatMap(({ crossings }) => crossings),
    model.sites,
    model.addressing.pool,
  );
  const legs = [
    ...crossing.flatMap((part) => part.legs),
    ...services.flatMap((part) => part.legs.legs),
    ...assetLegs(model, addresses),
  ];
  const parts = { model, addresses, crossing, groupOf: roles.groupOf };
  const vpcs = services.map(({ vpc, legs: use }) => planVpc(vpc, legsOf(legs, vpc), use, parts)).sort(byName);
  const stackNames = stackNamesOf(addresses, ledger);
  const draft = {
    estate: model.name,
    region: model.region,
    availabilityZones: model.availabilityZones,
    ledger: ledgerOf(addresses, services, stackNames),
    stackNames: Object.fromEntries(stackNames),
    vpcs,
    transit,
    conduits: choices.map(({ choice }) => choice.plan).sort(byName),
    assumptions: assumptionsOf(model, choices),
  };
  const plan = { ...draft, quotas: countQuotas(draft), cost: estimateCost(draft) };
  const diagnostics = [
    ...checkStackIds(model),
    ...addresses.diagnostics,
    ...choices.flatMap(({ choice }) => choice.diagnostics),
    ...crossing.flatMap((part) => part.diagnostics),
    ...services.flatMap((part) => part.legs.diagnostics),
    ...checkLimits(plan, model),
  ].sort(compareDiagnostics);
  return hasErrors(diagnostics) ? { diagnostics } : { plan, diagnostics };
}

/** `from` on an asset: other assets of its zone may call every service it serves. */
function assetLegs(model: ZoneModel, addresses: AddressPlan): Leg[] {
  return [...addresses.assets.values()].flatMap((responder) => {
    const { asset, zone } = responder;
    return (asset?.from ?? []).flatMap((name) =>
      placesOf(addresses, zone, name).flatMap((initiator) =>
        servedTraffic(model, asset?.serves ?? []).map((traffic): Leg => {
          const conduit = `${responder.key} from ${name}`;
          const text = `inside zone ${zone.name}`;
          return {
            vpc: responder.vpc,
            initiator: partyOf(initiator),
            responder: partyOf(responder),
            ...trafficOf(traffic),
            conduit,
            text,
          };
        }),
      ),
    );
  });
}

function servedTraffic(model: ZoneModel, serves: readonly string[]): readonly ServiceTraffic[] {
  return model.services.filter(({ name }) => serves.includes(name)).flatMap(({ traffic }) => traffic);
}

interface RoleParties {
  readonly ofZone: RoleParty;
  readonly groupOf: RoleGroups;
}

/** Where the subnets of each role lie: in the zone's block, or at the end of a shared VPC's. */
function roleParties(model: ZoneModel, addresses: AddressPlan): RoleParties {
  const groupOf: RoleGroups = (role, zone) => {
    const block = addresses.blocks.get(zone.name);
    if (!block) return undefined;
    const cidr = layoutBlock(block, model.availabilityZones).roles[role];
    const isTaken = placesOf(addresses, zone).some((place) => cidr && prefixesOverlap(place.cidr, cidr));
    if (!cidr || !subnetsOf(cidr, model.availabilityZones) || isTaken) return undefined;
    return { key: `${zone.name}/#${role}`, cidr };
  };
  const party = (group: RoleGroup | undefined, securityGroup: GroupKey): GroupParty | undefined =>
    group && { kind: 'group', securityGroup, subnetGroup: group.key, cidr: group.cidr };
  return {
    groupOf,
    ofZone: (zone, role, securityGroup) => {
      return party(groupOf(role, zone), securityGroup);
    },
  };
}

/** A stack with another name is another stack: a renamed zone keeps its resources by keeping its stack's name. */
function stackNamesOf(addresses: AddressPlan, ledger: AddressLedger): [string, string][] {
  const vpcs = [...addresses.vpcs.values()];
  const names = vpcs.flatMap(({ name, shared, zones }) => [name, ...(shared ? zones.map((zone) => zone.name) : [])]);
  return names.sort().map((name) => [name, ledger[`stack:${name}`] ?? name]);
}

function ledgerOf(
  addresses: AddressPlan,
  services: readonly { legs: ServiceLegs }[],
  stackNames: readonly [string, string][],
): AddressLedger {
  const names = services.flatMap(({ legs }) => Object.entries(legs.privateNames));
  const renamed = stackNames.flatMap(([name, stack]): [string, string][] =>
    name === stack ? [] : [[`stack:${name}`, stack]],
  );
  const entries = [...Object.entries(addresses.ledger), ...names, ...renamed];
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function legsOf(legs: readonly Leg[], vpc: VpcPlace): Leg[] {
  return legs.filter((leg) => leg.vpc === vpc.name);
}

function assumptionsOf(model: ZoneModel, choices: readonly { choice: MechanismChoice }[]): string[] {
  const sites = model.sites.filter(({ connect }) => connect === 'vpn');
  const unbuilt = choices.filter(({ choice }) => choice.plan.mechanism === 'none' && choice.diagnostics.length === 0);
  return [
    ...sites.map(({ name, filtersSources }) =>
      filtersSources
        ? `site ${name} lets out only its own ranges, as it declares; AWS does not check it`
        : `site ${name} may send from any source address: AWS knows its zones only by their ranges`,
    ),
    ...unbuilt.map(({ choice }) => `conduit ${choice.plan.name} is not enforced by AWS: ${choice.plan.because}`),
    'the VPC resolver and the link-local services (169.254.0.0/16) are reachable from every subnet; no group or ACL filters them',
  ].sort();
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
