/**
 * The buckets, tables and the like that a zone names under `awsServices`, and which resources of the templates they are.
 */
import { type DataStore, isKnown, type ResourceId } from '../evidence/network';
import type { VerdictContext } from './context';

/** `maybe`: nobody can tell. */
export type Match = 'yes' | 'no' | 'maybe';

/** Names that a zone gives of a service; none = whatever is the account's own. */
export function namedBy(zone: string, service: string, context: VerdictContext): readonly string[] {
  const uses = context.zones.get(zone)?.awsServices.filter((use) => use.service === service) ?? [];
  return uses.flatMap(({ resources }) => resources);
}

/** A zone file names what holds data by its own name, or by its id in the templates where AWS picks the name. */
export function isNamed({ id, name }: Pick<DataStore, 'id' | 'name'>, names: readonly string[]): Match {
  if (names.includes(id) || names.includes(id.slice(id.lastIndexOf('.') + 1))) return 'yes';
  if (name === undefined || !isKnown(name)) return 'maybe';
  return names.includes(name) ? 'yes' : 'no';
}

export function isOneOf(
  name: string | { readonly id: ResourceId },
  names: readonly string[],
  { network }: Pick<VerdictContext, 'network'>,
): Match {
  if (typeof name === 'string') return names.includes(name) ? 'yes' : name.includes('${') ? 'maybe' : 'no';
  const store = network.dataStores.find(({ id }) => id === name.id);
  return isNamed(store ?? { id: name.id }, names);
}

/** Patient data, as the zone declares it. */
export function holdsPatientData(zone: string, context: VerdictContext): boolean {
  return context.zones.get(zone)?.data.some((data) => data === 'phi' || data === 'phi-bulk') === true;
}
