/** The JSON Schema that editors complete from, generated from the one shape. */
import { z } from 'zod';
import { ZoneFileShape } from './shape';

/** The part of JSON Schema that `z.toJSONSchema` makes of our shapes and that we walk. */
export interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly description?: string;
}

export function zoneFileJsonSchema(): JsonSchema {
  const generated = z.toJSONSchema(ZoneFileShape, { io: 'input', target: 'draft-2020-12' });
  return { title: 'Cordon zone file', ...generated } as JsonSchema;
}

let cached: JsonSchema | undefined;

/** The keys that the language knows at a path, e.g. those of a zone at `['zones', 'ehr']`. */
export function knownKeys(path: readonly (string | number)[]): string[] {
  cached ??= zoneFileJsonSchema();
  let places: JsonSchema[] = [cached];
  for (const step of path) places = places.flatMap((place) => childrenOf(place, step));
  const keys = places.flatMap((place) => alternatives(place)).flatMap((place) => Object.keys(place.properties ?? {}));
  return [...new Set(keys)].sort();
}

function alternatives(place: JsonSchema): JsonSchema[] {
  return [place, ...(place.anyOf ?? []).flatMap(alternatives)];
}

function childrenOf(schema: JsonSchema, step: string | number): JsonSchema[] {
  return alternatives(schema).flatMap((place) => {
    if (typeof step === 'number') return place.items ? [place.items] : [];
    const named = place.properties?.[step];
    if (named) return [named];
    return typeof place.additionalProperties === 'object' ? [place.additionalProperties] : [];
  });
}
