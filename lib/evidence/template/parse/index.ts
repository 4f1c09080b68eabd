/**
 * The text of one template -> ParsedTemplate: its sections as plain values, short tags written out, with the line of
 * every entry. Nothing is resolved here. Imports `base` and `network` only.
 */
export { scanJson } from './json-scanner';
export { type ParseResult, parseTemplate } from './parse-template';
export { isRecord, type ParsedTemplate, type RawRecord, type Section, type SectionName } from './parsed-template';
