/**
 * Text → plain values that remember where they stand in the file. Bounded: what is too large, too deep or multiplied
 * by aliases is refused by name, before it is expanded.
 */
import { Composer, CST, type Document, isAlias, isMap, isScalar, isSeq, Lexer, LineCounter, Parser } from 'yaml';
import type { SourceSpan } from '../../base/diagnostics';
import type { DiagnosticLog } from './diagnostic-codes';
import { MAX_ALIAS_FACTOR, MAX_ALIAS_NODES, MAX_DEPTH, MAX_FILE_LENGTH, MAX_NODES, MAX_SYNTAX_ERRORS } from './limits';

export interface ZoneFileText {
  readonly file: string;
  readonly text: string;
}

export type Path = readonly (string | number)[];

export type PlainValue = string | number | boolean | undefined | PlainValue[] | { [key: string]: PlainValue };

/** A value and where it stands: offsets into the text, and those of its key where it has one. */
interface Located {
  readonly start: number;
  readonly end: number;
  readonly key?: { readonly start: number; readonly end: number };
  readonly children?: ReadonlyMap<string | number, Located>;
  /** a collection laid out over lines, not in brackets */
  readonly isBlock?: boolean;
}

export interface ParsedYaml {
  readonly file: string;
  /** empty values (`owner:` with nothing behind it) are undefined: the same as not given */
  readonly value: PlainValue;
  /** the value at a path, or the nearest one above it that exists; for a block of lines, its key */
  span(path: Path): SourceSpan;
  /** the key at a path, or the nearest one above it that exists */
  keySpan(path: Path): SourceSpan;
}

/** Undefined where the text is no YAML at all, or more than we are ready to read; the log says why. */
export function parseYaml(source: ZoneFileText, log: DiagnosticLog): ParsedYaml | undefined {
  const { file, text } = source;
  if (text.length > MAX_FILE_LENGTH) {
    log.report(
      'YAML_FILE_TOO_LARGE',
      { file, line: 1, column: 1 },
      `\`${file}\` has ${text.length} characters, more than ${MAX_FILE_LENGTH}`,
      {
        help: 'split the estate over several files, one per team',
      },
    );
    return undefined;
  }
  const lines = linesOf(text);
  const spanAt = (start: number, end: number) => spanOf(file, text, lines, start, end);
  const document = compose(text, spanAt, log);
  if (!document) return undefined;
  const expansion = new Expansion(spanAt, log);
  const root = expansion.expand(document.contents, 0, undefined);
  return root && locator(file, root.value, root.located, spanAt);
}

type SpanAt = (start: number, end: number) => SourceSpan;

/** Counted from the text itself: the parser counts lines only where it understands them. */
function linesOf(text: string): LineCounter {
  const lines = new LineCounter();
  for (let start = 0; ; ) {
    lines.addNewLine(start);
    const newline = text.indexOf('\n', start);
    if (newline < 0) return lines;
    start = newline + 1;
  }
}

function spanOf(file: string, text: string, lines: LineCounter, start: number, end: number): SourceSpan {
  const at = Math.min(start, text.length);
  const { line, col } = lines.linePos(at);
  const newline = text.indexOf('\n', at);
  const lineEnd = newline < 0 ? text.length : newline;
  const visible = text.slice(at, Math.min(end, lineEnd)).trimEnd().length;
  return { file, line: Math.max(1, line), column: Math.max(1, col), length: Math.max(1, visible) };
}

function compose(text: string, spanAt: SpanAt, log: DiagnosticLog): Document.Parsed | undefined {
  const tokens = tokenize(text, spanAt, log);
  if (!tokens) return undefined;
  // uniqueKeys is off because its check is quadratic; Expansion does it with a map
  const composer = new Composer({ version: '1.2', uniqueKeys: false, prettyErrors: false, logLevel: 'silent' });
  const documents = [...composer.compose(tokens, true, text.length)];
  const errors = documents.flatMap((document) => document.errors);
  for (const [index, { pos, message }] of errors.entries()) {
    if (index === MAX_SYNTAX_ERRORS) {
      const rest = errors.length - index;
      log.report('YAML_SYNTAX', spanAt(pos[0], pos[1]), `${rest} more syntax errors from here on`);
      break;
    }
    const said = lowerFirst(message.split('\n')[0] ?? '').replace(/[.:]$/, '');
    log.report('YAML_SYNTAX', spanAt(pos[0], pos[1]), said, {
      help: 'check the indentation, quotes and brackets here and just above',
    });
  }
  const second = documents[1];
  if (second && errors.length === 0) {
    log.report(
      'YAML_MULTIPLE_DOCUMENTS',
      spanAt(second.range[0], second.range[1]),
      `a second YAML document starts here`,
      {
        help: 'remove the `---` between them, or put each document in a file of its own',
      },
    );
  }
  return errors.length === 0 && !second ? documents[0] : undefined;
}

/** Tokens of the whole text, refused as soon as they nest too deep: what composes them is recursive. */
function tokenize(text: string, spanAt: SpanAt, log: DiagnosticLog): CST.Token[] | undefined {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let scalars = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (lexeme === CST.SCALAR && ++scalars > MAX_NODES) {
      reportNodes(spanAt(parser.offset, parser.offset + 1), log);
      return undefined;
    }
    // one for the document, one for the scalar at the tip
    if (parser.stack.length > MAX_DEPTH + 2) {
      reportDepth(spanAt(parser.offset, parser.offset + 1), log);
      return undefined;
    }
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}

function reportDepth(span: SourceSpan, log: DiagnosticLog): void {
  log.report('YAML_TOO_DEEP', span, `values are nested deeper than ${MAX_DEPTH} levels`, {
    help: 'the zone language nests seven levels deep: check the indentation above',
  });
}

function reportNodes(span: SourceSpan, log: DiagnosticLog): void {
  log.report('YAML_TOO_MANY_NODES', span, `the file holds more than ${MAX_NODES} values`, {
    help: 'split the estate over several files, one per team',
  });
}

interface Expanded {
  readonly value: PlainValue;
  readonly located: Located;
}

/** Document nodes → plain values, with aliases expanded under a budget. */
class Expansion {
  readonly #anchors = new Map<string, unknown>();
  #nodes = 0;
  #aliasNodes = 0;
  #aliasDepth = 0;
  #refused = false;

  constructor(
    private readonly spanAt: SpanAt,
    private readonly log: DiagnosticLog,
  ) {}

  /** Undefined once a budget is spent: the whole file is refused then. */
  expand(node: unknown, depth: number, key: Located['key']): Expanded | undefined {
    const [start, end] = rangeOf(node, key);
    if (!this.#withinBudget(start, end, depth)) return undefined;
    if (isAlias(node)) return this.#expandAlias(node.source, start, end, depth, key);
    if ((isScalar(node) || isMap(node) || isSeq(node)) && node.anchor) this.#anchors.set(node.anchor, node);
    if (isMap(node)) return laidOut(this.#expandMap(node.items, start, end, depth, key), node.flow);
    if (isSeq(node)) return laidOut(this.#expandList(node.items, start, end, depth, key), node.flow);
    const value = isScalar(node) ? scalarValue(node.value, node.source) : undefined;
    return { value, located: { start, end, key } };
  }

  #withinBudget(start: number, end: number, depth: number): boolean {
    if (this.#refused) return false;
    this.#nodes++;
    if (this.#aliasDepth > 0) this.#aliasNodes++;
    const span = () => this.spanAt(start, end);
    // tools write aliases wherever values repeat, which is harmless; a bomb multiplies far beyond what is written
    const allowance = MAX_ALIAS_NODES + MAX_ALIAS_FACTOR * (this.#nodes - this.#aliasNodes);
    if (this.#aliasNodes > allowance || (this.#aliasDepth > 0 && depth > MAX_DEPTH)) {
      this.log.report('YAML_ALIAS_BOMB', span(), `aliases expand to more than ${allowance} values`, {
        help: 'write the values out, or declare them once and refer to them by name',
      });
    } else if (depth > MAX_DEPTH) reportDepth(span(), this.log);
    else if (this.#nodes > MAX_NODES) reportNodes(span(), this.log);
    else return true;
    this.#refused = true;
    return false;
  }

  #expandAlias(name: string, start: number, end: number, depth: number, key: Located['key']): Expanded | undefined {
    if (!this.#anchors.has(name)) {
      this.log.report(
        'YAML_ALIAS_UNKNOWN',
        this.spanAt(start, end),
        `\`*${name}\` refers to an anchor that is not above it`,
        {
          help: `write \`&${name}\` before the value it stands for, or quote the text if it is no alias`,
        },
      );
      return { value: undefined, located: { start, end, key } };
    }
    this.#aliasDepth++;
    const expanded = this.expand(this.#anchors.get(name), depth + 1, key);
    this.#aliasDepth--;
    return expanded;
  }

  #expandList(
    items: readonly unknown[],
    start: number,
    end: number,
    depth: number,
    key: Located['key'],
  ): Expanded | undefined {
    const value: PlainValue[] = [];
    const children = new Map<string | number, Located>();
    for (const [index, item] of items.entries()) {
      const expanded = this.expand(item, depth + 1, undefined);
      if (!expanded) return undefined;
      value.push(expanded.value);
      children.set(index, expanded.located);
    }
    return { value, located: { start, end, key, children } };
  }

  #expandMap(
    pairs: readonly { key: unknown; value: unknown }[],
    start: number,
    end: number,
    depth: number,
    key: Located['key'],
  ): Expanded | undefined {
    const value: { [key: string]: PlainValue } = {};
    const children = new Map<string | number, Located>();
    for (const pair of pairs) {
      const [keyStart, keyEnd] = rangeOf(pair.key, undefined);
      const name = this.#keyOf(pair.key, keyStart, keyEnd, children);
      const expanded = this.expand(pair.value, depth + 1, { start: keyStart, end: keyEnd });
      if (!expanded) return undefined;
      if (name === undefined) continue;
      value[name] = expanded.value;
      children.set(name, expanded.located);
    }
    return { value, located: { start, end, key, children } };
  }

  #keyOf(
    node: unknown,
    start: number,
    end: number,
    earlier: ReadonlyMap<string | number, Located>,
  ): string | undefined {
    const span = this.spanAt(start, end);
    const name = isScalar(node) ? node.value : undefined;
    if (typeof name !== 'string') {
      const shown = isScalar(node) ? `\`${String(node.value)}\`` : 'a list, mapping or alias';
      this.log.report('YAML_KEY_NOT_TEXT', span, `a key must be text, got ${shown}`, { help: 'put the key in quotes' });
      return undefined;
    }
    if (name === '__proto__' || name === 'constructor' || name === 'prototype') {
      this.log.report('YAML_KEY_RESERVED', span, `\`${name}\` cannot be a key`, { help: 'choose another name' });
      return undefined;
    }
    const first = earlier.get(name)?.key;
    if (first) {
      this.log.report('YAML_DUPLICATE_KEY', span, `\`${name}\` is given twice in the same mapping`, {
        help: 'keep one of the two, or rename one',
        related: [{ message: `\`${name}\` is first given here`, span: this.spanAt(first.start, first.end) }],
      });
      return undefined;
    }
    return name;
  }
}

function laidOut(expanded: Expanded | undefined, isFlow: boolean | undefined): Expanded | undefined {
  return expanded && { value: expanded.value, located: { ...expanded.located, isBlock: isFlow !== true } };
}

function scalarValue(value: unknown, source: string | undefined): PlainValue {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  // a tag such as !!binary, or a date under `%YAML 1.1`: the words themselves
  return source ?? String(value);
}

function rangeOf(node: unknown, key: Located['key']): readonly [number, number] {
  const range = (node as { range?: readonly number[] | null } | null | undefined)?.range;
  const start = range?.[0] ?? key?.end ?? 0;
  return [start, range?.[1] ?? start];
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function locator(file: string, value: PlainValue, root: Located, spanAt: SpanAt): ParsedYaml {
  const find = (path: Path): Located[] => {
    const found = [root];
    for (const step of path) {
      const next = found.at(-1)?.children?.get(step);
      if (!next) break;
      found.push(next);
    }
    return found;
  };
  const keySpan = (path: Path): SourceSpan => {
    const found = find(path);
    const keyed = found.findLast((located) => located.key) ?? found.at(-1) ?? root;
    return keyed.key ? spanAt(keyed.key.start, keyed.key.end) : spanAt(keyed.start, keyed.end);
  };
  const span = (path: Path): SourceSpan => {
    const located = find(path).at(-1) ?? root;
    const place = spanAt(located.start, located.end);
    // a block of lines is best pointed at by its key; so is an empty value
    const isBetterByKey = located.isBlock === true || located.end <= located.start;
    return located.key && isBetterByKey ? spanAt(located.key.start, located.key.end) : place;
  };
  return { file, value, span, keySpan };
}
