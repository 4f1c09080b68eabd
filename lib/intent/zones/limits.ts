/** What a zone file may cost to read. A group of a hundred hospitals stays far below; an attack does not. */
export const MAX_FILES = 1_000;
/** in UTF-16 code units */
export const MAX_FILE_LENGTH = 16 * 1024 * 1024;
export const MAX_ESTATE_LENGTH = 64 * 1024 * 1024;
/** the zone language itself nests seven deep */
export const MAX_DEPTH = 32;
export const MAX_NODES = 1_000_000;
/** values that come from aliases, counted once per use: so many, and so many times what is written out */
export const MAX_ALIAS_NODES = 10_000;
export const MAX_ALIAS_FACTOR = 10;
/** broken text breaks again and again; after so many the rest is counted, not listed */
export const MAX_SYNTAX_ERRORS = 50;
