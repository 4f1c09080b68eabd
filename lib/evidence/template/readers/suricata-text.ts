/**
 * Suricata rules as text -> the parts of each: action, header and options. Only the form is read here; what is not of
 * this form is told, never skipped.
 * https://docs.suricata.io/en/latest/rules/intro.html
 */
export interface SuricataRule {
  readonly action: string;
  readonly protocol: string;
  readonly source: string;
  readonly sourcePort: string;
  readonly isBothWays: boolean;
  readonly destination: string;
  readonly destinationPort: string;
  readonly options: readonly SuricataOption[];
}

export interface SuricataOption {
  readonly keyword: string;
  /** what stands behind the colon */
  readonly settings: string;
}

/** A place in the header may be a list with spaces in it. */
const PLACE = String.raw`(!?\[[^()]*?\]|[^\s()[\]]+)`;
const RULE = new RegExp(
  String.raw`^(\w+)\s+([\w-]+)\s+${PLACE}\s+${PLACE}\s+(->|<>)\s+${PLACE}\s+${PLACE}\s*\((.*)\)$`,
);

/** The rules in their order, or the first line that is not understood. */
export function parseSuricata(text: string): readonly SuricataRule[] | { readonly line: string } {
  const rules: SuricataRule[] = [];
  for (const written of text.replace(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    const line = written.trim();
    if (line === '' || line.startsWith('#')) continue;
    const rule = parseRule(line);
    if (!rule) return { line };
    rules.push(rule);
  }
  return rules;
}

function parseRule(line: string): SuricataRule | undefined {
  const match = RULE.exec(line);
  if (!match) return undefined;
  const [, action = '', protocol = '', source = '', sourcePort = '', arrow, destination = '', destinationPort = ''] =
    match;
  const options = parseOptions(match[8] ?? '');
  return {
    action: action.toLowerCase(),
    protocol: protocol.toLowerCase(),
    source,
    sourcePort,
    isBothWays: arrow === '<>',
    destination,
    destinationPort,
    options,
  };
}

/** A semicolon in quotes, or behind a backslash, ends nothing. */
function parseOptions(text: string): SuricataOption[] {
  const parts = text.match(/(?:"(?:\\.|[^"\\])*"|\\.|[^;"\\])+/g) ?? [];
  return parts.flatMap((part): SuricataOption[] => {
    const trimmed = part.trim();
    if (trimmed === '') return [];
    const colon = trimmed.indexOf(':');
    if (colon < 0) return [{ keyword: trimmed.toLowerCase(), settings: '' }];
    return [{ keyword: trimmed.slice(0, colon).trim().toLowerCase(), settings: trimmed.slice(colon + 1).trim() }];
  });
}
