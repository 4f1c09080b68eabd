/**
 * Data that AWS itself takes out of a zone with patient data, past every packet (SEMANTICS 38, 39): a replica, a backup, an
 * integration. It may stay in the zone, go to a zone that a conduit leads to, or to what the zone names as its own under
 * `awsServices`. To another zone it is a violation; what takes it where no template shows is unknown.
 */
import type { DataStore, DataTransfer, ResourceId } from '../evidence/network';
import type { VerdictContext } from './context';
import { actionPrefixOf } from './endpoint-scope';
import { zonesOfInterface } from './endpoint-users';
import { holdsPatientData, isNamed, type Match, namedBy } from './named-resources';
import { isDeclaredName } from './place';
import { type Claim, gravest, placeOf, type Verdict } from './result';

export function verifyDataTransfers(context: VerdictContext): Claim[] {
  if (context.network.transfers.length === 0) return [];
  const holders = new Holders(context);
  const holding = context.model.zones.map(({ name }) => name).filter((name) => holdsPatientData(name, context));
  return holding.flatMap((zone) => claimsOfZone(zone, holders, context));
}

interface Finding {
  readonly verdict: Verdict;
  readonly because: string;
}

function claimsOfZone(zone: string, holders: Holders, context: VerdictContext): Claim[] {
  const found = new Map<ResourceId, Finding[]>();
  for (const transfer of context.network.transfers) {
    const held = holders.takesFrom(transfer, zone);
    const isPassed = held === 'no' || (transfer.ofNamed && held === 'maybe');
    const findings = isPassed ? [] : judge(transfer, zone, held, holders);
    const { resource } = transfer.origin;
    if (findings.length > 0) found.set(resource, [...(found.get(resource) ?? []), ...findings]);
  }
  return [...found].map(([resource, findings]) => ({
    id: `copy/${zone}/${resource}`,
    kind: 'isolation',
    verdict: gravest(findings.map(({ verdict }) => verdict)),
    from: zone,
    says: `${resource} takes nothing that ${zone} holds to where no conduit leads`,
    source: placeOf(context.zones.get(zone)?.source ?? context.model.source),
    because: [...new Set(findings.map(({ because }) => because))],
    fix: `give the template of what ${resource} copies to, name that under the awsServices of ${zone}, or take ${resource} away`,
  }));
}

function judge(transfer: DataTransfer, zone: string, held: Match, holders: Holders): Finding[] {
  const { id, says, to, from, unseen, certain } = transfer;
  const what = from?.filter((one) => holders.isOf(one, zone) === 'yes').join(', ') ?? 'what the zone names';
  const subject =
    held === 'yes'
      ? `${id} takes from ${what}: ${says}`
      : `not understood: whether ${id} takes what is ${zone}'s: ${says}`;
  if (to.length === 0) {
    if (unseen && holders.isNamedBy(zone, unseen)) return [];
    return [{ verdict: 'unknown', because: `${subject}, and no template shows who may read it there` }];
  }
  return to.flatMap((end): Finding[] => {
    const where = holders.goesTo(end, zone);
    if (where.kind === 'kept') return [];
    const isSure = where.kind === 'zone' && held === 'yes' && certain;
    const because =
      where.kind === 'zone' ? `${subject}: to ${end}, which is ${where.zone}'s` : `${subject}: ${where.because}`;
    return [{ verdict: isSure ? 'violated' : 'unknown', because }];
  });
}

type Destination =
  | { readonly kind: 'kept' }
  | { readonly kind: 'zone'; readonly zone: string }
  | { readonly kind: 'open'; readonly because: string };

/** What holds data, by any id that stands for it. */
class Holders {
  private readonly zones = new Map<ResourceId, Set<string>>();
  private readonly stores: ReadonlyMap<ResourceId, DataStore>;

  constructor(private readonly context: VerdictContext) {
    for (const { id, aliases = [], hosts = [] } of context.network.interfaces) {
      const zones = zonesOfInterface(id, context).filter(isDeclaredName);
      for (const one of [id, ...aliases, ...hosts])
        this.zones.set(one, new Set([...(this.zones.get(one) ?? []), ...zones]));
    }
    this.stores = new Map(context.network.dataStores.map((store) => [store.id, store]));
  }

  takesFrom({ from, fromUnseen }: DataTransfer, zone: string): Match {
    if (from === undefined) return fromUnseen ? this.keepsUnseen(zone, fromUnseen) : 'maybe';
    const matches = from.map((id) => this.isOf(id, zone));
    return matches.includes('yes') ? 'yes' : matches.includes('maybe') ? 'maybe' : 'no';
  }

  isOf(id: ResourceId, zone: string): Match {
    if (this.zones.get(id)?.has(zone)) return 'yes';
    const store = this.stores.get(id);
    return store ? this.keeps(zone, store) : 'no';
  }

  private keepsUnseen(zone: string, { service, name }: NonNullable<DataTransfer['fromUnseen']>): Match {
    const names = namedBy(zone, service, this.context);
    if (names.length > 0) return name === undefined ? 'maybe' : names.includes(name) ? 'yes' : 'no';
    return this.uses(zone, service) ? 'maybe' : 'no';
  }

  private uses(zone: string, name: string): boolean {
    return this.context.zones.get(zone)?.awsServices.some(({ service }) => service === name) === true;
  }

  /** A zone that uses a service and names nothing of it may keep its data in any that no other zone names. */
  private keeps(zone: string, store: DataStore): Match {
    const names = namedBy(zone, store.service, this.context);
    if (names.length > 0) return isNamed(store, names);
    return this.uses(zone, store.service) && this.namersOf(store).length === 0 ? 'maybe' : 'no';
  }

  private namersOf(store: DataStore): string[] {
    const zones = this.context.model.zones.map(({ name }) => name);
    return zones.filter((zone) => isNamed(store, namedBy(zone, store.service, this.context)) === 'yes');
  }

  goesTo(id: ResourceId, zone: string): Destination {
    const store = this.stores.get(id);
    const zones = [...(this.zones.get(id) ?? []), ...(store ? this.namersOf(store) : [])];
    const other = zones.find((one) => one !== zone && !this.isLed(zone, one) && !this.isLed(one, zone));
    if (other !== undefined) return { kind: 'zone', zone: other };
    const reader = zones.find((one) => one !== zone && !this.isLed(zone, one));
    if (reader !== undefined) {
      const because = `to ${id}, which is ${reader}'s, and a conduit leads from ${reader} to ${zone} but none from ${zone} to ${reader}`;
      return { kind: 'open', because };
    }
    if (zones.length > 0) return { kind: 'kept' };
    if (store?.service === 'backup') {
      const because = `the policy of ${id} lets ${store.opensTo} at it`;
      return store.opensTo === undefined ? { kind: 'kept' } : { kind: 'open', because };
    }
    if (store && this.keeps(zone, store) === 'maybe') return { kind: 'kept' };
    return { kind: 'open', because: `to ${id}, which is in no zone` };
  }

  private isLed(from: string, to: string): boolean {
    return this.context.allowance.between(from, to).length > 0;
  }

  isNamedBy(zone: string, { service, name }: NonNullable<DataTransfer['unseen']>): boolean {
    const uses = this.context.zones.get(zone)?.awsServices ?? [];
    const same = uses.filter((use) => actionPrefixOf(use.service) === service);
    return same.some((use) => namedBy(zone, use.service, this.context).includes(name));
  }
}
