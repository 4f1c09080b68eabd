/**
 * The buckets, tables and the like that a zone names under `awsServices`, and which resources of the templates they are.
 */
import { type DataStore, isKnown, UNKNOWN_ACCOUNT } from '../evidence/network';
import type { VerdictContext } from './context';
import { type Named, plainName } from './resource-pattern';

/** `maybe`: nobody can tell. */
export type Match = 'yes' | 'no' | 'maybe';

/** Names that a zone gives of a service; none = whatever is the account's own. */
export function namedBy(zone: string, service: string, context: VerdictContext): readonly string[] {
  const uses = context.zones.get(zone)?.awsServices.filter((use) => use.service === service) ?? [];
  return uses.flatMap(({ resources }) => resources.map((name) => plainName(name, service)));
}

/** A zone file names what holds data by its own name, or by its id in the templates where AWS picks the name. */
export function isNamed({ id, name }: Pick<DataStore, 'id' | 'name'>, names: readonly string[]): Match {
  if (names.includes(id) || names.includes(id.slice(id.lastIndexOf('.') + 1))) return 'yes';
  if (name === undefined || !isKnown(name)) return 'maybe';
  return isAmong(name, names);
}

/** Names that hold the account are the same in every deployment but for it. */
function isAmong(name: string, names: readonly string[]): Match {
  if (names.includes(name)) return 'yes';
  if (!name.includes(UNKNOWN_ACCOUNT)) return 'no';
  const parts = name.split(UNKNOWN_ACCOUNT).map((part) => part.replace(/[^\w]/g, '\\$&'));
  const pattern = new RegExp(`^${parts.join('[0-9]{12}')}$`);
  return names.some((one) => pattern.test(one)) ? 'maybe' : 'no';
}

export function isOneOf(name: Named, names: readonly string[], { network }: Pick<VerdictContext, 'network'>): Match {
  if (typeof name === 'string') {
    // An access point may lead to any bucket.
    return name.includes('${') || name.includes(':accesspoint/') ? 'maybe' : isAmong(name, names);
  }
  const store = network.dataStores.find(({ id }) => id === name.id);
  return isNamed(store ?? { id: name.id }, names);
}

/** Patient data, as the zone declares it. */
export function holdsPatientData(zone: string, context: VerdictContext): boolean {
  return context.zones.get(zone)?.data.some((data) => data === 'phi' || data === 'phi-bulk') === true;
}
