/**
 * A template's sections as written, intrinsics still in their long form (`{ "Fn::GetAtt": … }`).
 */
import type { SourcePlace } from '../../network';

/** An object of a template, as written. */
export type RawRecord = Readonly<Record<string, unknown>>;

/** Names to entries, in the order of the template. A Map: a resource may be called `constructor`. */
export type Section = ReadonlyMap<string, unknown>;

export const SECTION_NAMES = ['Parameters', 'Mappings', 'Conditions', 'Resources', 'Outputs'] as const;
export type SectionName = (typeof SECTION_NAMES)[number];

export interface ParsedTemplate {
  readonly file: string;
  readonly sections: Readonly<Record<SectionName, Section>>;
  /** the entries of `Transform`, in order: names, or objects with a `Name` */
  readonly transforms: readonly unknown[];
  /** SAM's `Globals`, as written */
  readonly globals: unknown;
  /** `Metadata` of the template, as written */
  readonly metadata: unknown;
  /** where the key of an entry stands; computed when first asked for, because most runs never ask */
  placeOf(section: SectionName, name: string): SourcePlace | undefined;
}

/** The places of all sections and their entries: keys are `Section/` and `Section/Name`. */
export type Places = ReadonlyMap<string, { readonly line: number; readonly column: number }>;

export type FindPlaces = () => Places;

export function placeKey(section: string, name: string): string {
  return `${section}/${name}`;
}

export function isRecord(value: unknown): value is RawRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
