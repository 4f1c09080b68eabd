/**
 * Reads JSON text once, without building values: where it stops being JSON, and where the entries of its sections
 * stand. `JSON.parse` is faster but says neither; this runs only when someone asks.
 */
import { placeKey } from './parsed-template';

export interface JsonScan {
  /** the first place where the text is not JSON */
  readonly error?: { readonly line: number; readonly column: number; readonly message: string };
  /** places of keys one and two levels deep, `Section/` and `Section/Name` */
  readonly places: ReadonlyMap<string, { readonly line: number; readonly column: number }>;
  /** keys that their object has already */
  readonly repeated: readonly { readonly key: string; readonly line: number; readonly column: number }[];
}

const MAX_REPEATED = 100;

const QUOTE = 34;
const BACKSLASH = 92;
const NEWLINE = 10;
const SCALAR = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;
const ESCAPES = /^(?:[^\\]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*$/;

type Expect = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end' | 'nothing';

export function scanJson(text: string): JsonScan {
  return new JsonScanner(text).scan();
}

/** A state machine with its own stack: text nested a million deep must not overflow ours. */
class JsonScanner {
  private at = 0;
  private line = 1;
  private lineStart = 0;
  private section: string | undefined;
  /** one entry per open bracket: true for objects */
  private readonly open: boolean[] = [];
  /** the keys of each open object so far; `JSON.parse` keeps the last of two that are equal, without a word */
  private readonly keys: Set<string>[] = [];
  private readonly repeated: { key: string; line: number; column: number }[] = [];
  private readonly places = new Map<string, { line: number; column: number }>();

  constructor(private readonly text: string) {}

  scan(): JsonScan {
    let expect: Expect | undefined = 'value';
    for (;;) {
      this.skipSpace();
      if (this.at >= this.text.length) {
        return expect === 'nothing' ? this.found : this.failed('the text ends too early');
      }
      const before: Expect = expect;
      expect = this.step(before);
      if (expect === undefined) return this.failed(`expected ${DESCRIPTIONS[before]}`);
    }
  }

  private get found(): JsonScan {
    return { places: this.places, repeated: this.repeated };
  }

  private failed(message: string): JsonScan {
    return { error: { line: this.line, column: this.at - this.lineStart + 1, message }, ...this.found };
  }

  private skipSpace(): void {
    for (; this.at < this.text.length; this.at++) {
      const code = this.text.charCodeAt(this.at);
      if (code === NEWLINE) {
        this.line++;
        this.lineStart = this.at + 1;
      } else if (code !== 32 && code !== 13 && code !== 9) return;
    }
  }

  /** Consumes one token; undefined where it is not what was expected. */
  private step(expect: Expect): Expect | undefined {
    const character = this.text[this.at] ?? '';
    switch (expect) {
      case 'nothing':
        return undefined;
      case 'colon':
        return character === ':' ? this.advance('value') : undefined;
      case 'comma-or-end':
        if (character === ',') return this.advance(this.open.at(-1) ? 'key' : 'value');
        return character === (this.open.at(-1) ? '}' : ']') ? this.close() : undefined;
      case 'key':
      case 'key-or-end':
        if (character === '"') return this.key();
        return character === '}' && expect === 'key-or-end' ? this.close() : undefined;
      default:
        if (character === ']' && expect === 'value-or-end') return this.close();
        return this.value(character);
    }
  }

  private advance(expect: Expect): Expect {
    this.at++;
    return expect;
  }

  private close(): Expect {
    if (this.open.pop()) this.keys.pop();
    return this.advance(this.open.length === 0 ? 'nothing' : 'comma-or-end');
  }

  private value(character: string): Expect | undefined {
    if (character === '{' || character === '[') {
      this.open.push(character === '{');
      if (character === '{') this.keys.push(new Set());
      return this.advance(character === '{' ? 'key-or-end' : 'value-or-end');
    }
    const after: Expect = this.open.length === 0 ? 'nothing' : 'comma-or-end';
    if (character === '"') return this.string() === undefined ? undefined : after;
    SCALAR.lastIndex = this.at;
    if (!SCALAR.test(this.text)) return undefined;
    this.at = SCALAR.lastIndex;
    return after;
  }

  private key(): Expect | undefined {
    const place = { line: this.line, column: this.at - this.lineStart + 1 };
    const key = this.string(true);
    if (key === undefined) return undefined;
    this.note(key, place);
    return 'colon';
  }

  private note(name: string, place: { line: number; column: number }): void {
    const keys = this.keys.at(-1);
    if (keys?.has(name) && this.repeated.length < MAX_REPEATED) this.repeated.push({ key: name, ...place });
    keys?.add(name);
    if (this.open.length === 1) {
      this.section = name;
      this.places.set(placeKey(name, ''), place);
    }
    if (this.open.length === 2 && this.section !== undefined) this.places.set(placeKey(this.section, name), place);
  }

  /** Consumes a string; its value where `wanted`, else the empty text. Undefined where it does not end well. */
  private string(wanted = false): string | undefined {
    const start = this.at + 1;
    let end = this.text.indexOf('"', start);
    while (end >= 0 && this.isEscaped(end, start)) end = this.text.indexOf('"', end + 1);
    if (end < 0) {
      this.at = this.text.length;
      return undefined;
    }
    const raw = this.text.slice(start, end);
    // biome reads a control character in a pattern as a mistake; a loop says the same
    for (let at = 0; at < raw.length; at++) if (raw.charCodeAt(at) < 32) return this.stopAt(start + at);
    if (raw.includes('\\') && !ESCAPES.test(raw)) return undefined;
    this.at = end + 1;
    if (!wanted) return '';
    return raw.includes('\\') ? String(JSON.parse(`"${raw}"`)) : raw;
  }

  private stopAt(offset: number): undefined {
    this.at = offset;
    return undefined;
  }

  private isEscaped(quote: number, start: number): boolean {
    let slashes = 0;
    for (let at = quote - 1; at >= start && this.text.charCodeAt(at) === BACKSLASH; at--) slashes++;
    return slashes % 2 === 1;
  }
}

const DESCRIPTIONS: Readonly<Record<Expect, string>> = {
  value: 'a value',
  'value-or-end': 'a value or `]`',
  key: 'a key in double quotes',
  'key-or-end': 'a key in double quotes or `}`',
  colon: '`:`',
  'comma-or-end': '`,` or a closing bracket',
  nothing: 'nothing more',
};

/** Whether a text can only be JSON or flow YAML: its first character is a brace. */
export function startsLikeJson(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code !== 32 && code !== 13 && code !== 9 && code !== NEWLINE)
      return code === 123 || code === QUOTE || code === 91;
  }
  return false;
}
