/**
 * Interfaces by which one thing stands in several places: those of a host, the mount targets of a file system, the
 * endpoints of a proxy or a cluster. Where they stand in two zones, it joins them (fact 37).
 */
import type { Interface, ResourceId } from '../../network';
import type { Resource } from '../resource';
import { at, plainText, resourcesNamed } from './property';
import type { Reader, Reading } from './reading';

type DraftInterface = { -readonly [K in keyof Interface]: Interface[K] };

/** Another id by which a user may name what has this interface. */
export function addAlias(noun: DraftInterface, alias: ResourceId): void {
  if (noun.id !== alias) noun.aliases = [...new Set([...(noun.aliases ?? []), alias])].sort();
}

/** A host may be named by any of its interfaces. */
export function giveTo(noun: DraftInterface, host: ResourceId): void {
  addAlias(noun, host);
  noun.hosts = [...new Set([...(noun.hosts ?? []), host])].sort();
}

/** What stands in the network for another thing, which a property names: by reference, or as that thing names itself. */
export function partOf(reader: Reader, property: string, type: string): Reader {
  return {
    ...reader,
    connect(resource, reading) {
      reader.connect?.(resource, reading);
      const noun = reading.get('interfaces', resource.id);
      if (noun) for (const whole of wholesOf(resource, property, type, reading)) giveTo(noun, whole);
    },
  };
}

function wholesOf({ properties }: Resource, property: string, type: string, reading: Reading): readonly ResourceId[] {
  const named = at(properties, property);
  const referred = resourcesNamed(named);
  const text = plainText(named);
  if (referred.length > 0 || text === undefined) return referred;
  const shown = reading.ofType(type).filter((one) => plainText(at(one.properties, property)) === text);
  return shown.length > 0 ? shown.map(({ id }) => id) : [text];
}
