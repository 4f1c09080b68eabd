/**
 * What a plain YAML scalar means to CloudFormation, which reads YAML 1.1: `yes` is true, `0755` is octal.
 * Departures, each because the other reading is never what a template means or what AWS accepts: dates and base-60
 * numbers stay text (`2012-10-17`, `22:22`; the timestamp tag is not supported), numbers that a double cannot hold stay
 * text, and ten or more digits with a leading zero are an account id and not octal.
 * Source: AWS CloudFormation User Guide, "CloudFormation template format", YAML.
 */
export type PlainScalar = string | number | boolean | null;

const BOOLEANS: ReadonlyMap<string, boolean> = new Map(
  [
    ['yes', true],
    ['on', true],
    ['true', true],
    ['no', false],
    ['off', false],
    ['false', false],
  ].flatMap(([word, value]) => {
    const lower = String(word);
    const title = lower.charAt(0).toUpperCase() + lower.slice(1);
    return [lower, title, lower.toUpperCase()].map((spelling): [string, boolean] => [spelling, value === true]);
  }),
);
const NULLS = new Set(['', '~', 'null', 'Null', 'NULL']);

const DECIMAL = /^[-+]?(?:0|[1-9][0-9_]*)$/;
const OCTAL = /^[-+]?0[0-7_]+$/;
const HEX = /^[-+]?0x[0-9a-fA-F_]+$/;
const BINARY = /^[-+]?0b[01_]+$/;
const FLOAT = /^[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)?$|^[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+$/;
const ACCOUNT_ID_DIGITS = 10;

export function readPlainScalar(source: string): PlainScalar {
  if (NULLS.has(source)) return null;
  const boolean = BOOLEANS.get(source);
  if (boolean !== undefined) return boolean;
  const first = source.charCodeAt(0);
  const looksNumeric = (first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46;
  return looksNumeric ? (readNumber(source) ?? source) : source;
}

function readNumber(source: string): number | undefined {
  const digits = source.replaceAll('_', '').replace(/^[-+]/, '');
  const sign = source.startsWith('-') ? -1 : 1;
  if (DECIMAL.test(source) || FLOAT.test(source)) return holds(sign * Number(digits));
  if (OCTAL.test(source)) {
    return digits.length >= ACCOUNT_ID_DIGITS ? undefined : holds(sign * Number.parseInt(digits, 8));
  }
  if (HEX.test(source)) return holds(sign * Number.parseInt(digits.slice(2), 16));
  if (BINARY.test(source)) return holds(sign * Number.parseInt(digits.slice(2), 2));
  return undefined;
}

function holds(value: number): number | undefined {
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : undefined;
}
