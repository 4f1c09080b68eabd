/**
 * Diagnostics: what is wrong with an input, as values. Imports nothing of ours.
 */
export * from './diagnostic';
