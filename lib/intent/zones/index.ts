/**
 * Zones: the YAML of an estate → ZoneDocument → ZoneModel, with every mistake as a Diagnostic.
 * Imports `base`, `yaml`, `zod` and `fastest-levenshtein`; no files, no clock, no CDK.
 *
 * Read `read-estate.ts` first: the whole path is there. The nouns are in `zone-model.ts`, the shape of a file, said
 * once, in `shape.ts`.
 */
export { AWS_SERVICES } from './aws-services';
export { ZONE_DIAGNOSTICS, type ZoneDiagnosticCode } from './diagnostic-codes';
export { zoneFileJsonSchema } from './json-schema';
export { obligationPairs, selectedZones } from './obligation';
export type { ZoneFileText } from './parse-yaml';
export { type EstateReading, type ReadOptions, readEstate } from './read-estate';
export { CATALOGUE_AS_OF, SERVICE_CATALOGUE } from './service-catalogue';
export { nearest } from './suggest';
export * from './zone-model';
