/**
 * YAML text -> plain values, CloudFormation's short tags written out in their long form.
 */
import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { placeKey } from './parsed-template';
import { readPlainScalar } from './yaml-scalar';

export interface YamlProblem {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly help?: string;
  readonly line: number;
  readonly column: number;
}

export interface YamlReading {
  readonly value?: unknown;
  readonly problems: readonly YamlProblem[];
  readonly places: ReadonlyMap<string, { readonly line: number; readonly column: number }>;
}

/** Deeper than any template that AWS accepts, shallower than our stack. */
const MAX_DEPTH = 400;
/** How many nodes aliases may add; a template of AWS's own size limit has some 100,000. */
const MAX_ALIASED_NODES = 1_000_000;

const TOO_DEEP = 'the template is nested too deeply to be read';
const TWO_DOCUMENTS = 'the file holds several documents, a template is one';
const YAML_TAG = 'tag:yaml.org,2002:';

export function readYaml(text: string): YamlReading {
  const lines = new LineCounter();
  const places = new Map<string, { line: number; column: number }>();
  try {
    const document = parseDocument(text, {
      version: '1.1',
      schema: 'failsafe',
      // checking each key against all others is quadratic; the reader below looks for duplicates itself
      uniqueKeys: false,
      prettyErrors: false,
      strict: false,
      lineCounter: lines,
      // `silent` would also take a second document in silence
      logLevel: 'error',
    });
    const reader = new YamlReader(lines, places);
    for (const error of document.errors) {
      const isTooDeep = error.message.includes('call stack');
      const isSecond = error.code === 'MULTIPLE_DOCS';
      const message = isTooDeep ? TOO_DEEP : isSecond ? TWO_DOCUMENTS : lowerFirst(error.message);
      reader.report(isTooDeep ? 'TEMPLATE_TOO_DEEP' : 'TEMPLATE_NOT_YAML', 'error', message, error.pos[0]);
    }
    if (reader.problems.length > 0) return { problems: reader.problems, places };
    const value = reader.read(document.contents);
    return reader.failed ? { problems: reader.problems, places } : { value, problems: reader.problems, places };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const problem: YamlProblem = {
      code: 'TEMPLATE_TOO_DEEP',
      severity: 'error',
      message: TOO_DEEP,
      line: 1,
      column: 1,
    };
    return { problems: [problem], places };
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, '');
}

/** A value, and how many nodes it has with all aliases written out. */
interface Counted {
  readonly value: unknown;
  readonly size: number;
}

class YamlReader {
  readonly problems: YamlProblem[] = [];
  failed = false;
  private readonly anchors = new Map<string, Counted | 'open'>();
  private aliased = 0;

  constructor(
    private readonly lines: LineCounter,
    private readonly places: Map<string, { line: number; column: number }>,
  ) {}

  read(contents: unknown): unknown {
    return this.node(contents, 0, []).value;
  }

  report(code: string, severity: 'error' | 'warning', message: string, offset: number, help?: string): void {
    if (severity === 'error') this.failed = true;
    if (this.problems.length >= 100) return;
    const { line, col } = this.lines.linePos(offset);
    this.problems.push({ code, severity, message, help, line, column: col });
  }

  private node(node: unknown, depth: number, path: readonly string[]): Counted {
    if (depth > MAX_DEPTH) throw new RangeError('nested too deeply');
    if (isAlias(node)) return this.alias(node);
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return { value: null, size: 1 };
    if (node.anchor) this.anchors.set(node.anchor, 'open');
    const counted = this.tagged(node, depth, path);
    if (node.anchor) this.anchors.set(node.anchor, counted);
    return counted;
  }

  private alias(alias: Alias): Counted {
    const offset = alias.range?.[0] ?? 0;
    const target = this.anchors.get(alias.source);
    if (target === undefined || target === 'open') {
      const message = target
        ? `alias \`*${alias.source}\` stands inside of what it names`
        : `alias \`*${alias.source}\` names no anchor`;
      this.report('TEMPLATE_ALIAS', 'error', message, offset);
      return { value: null, size: 1 };
    }
    const before = this.aliased;
    this.aliased += target.size;
    if (this.aliased > MAX_ALIASED_NODES && before <= MAX_ALIASED_NODES) {
      const message = `aliases repeat more than ${MAX_ALIASED_NODES} nodes`;
      this.report('TEMPLATE_ALIAS_BOMB', 'error', message, offset, 'write the values out, or repeat less');
    }
    return target;
  }

  private tagged(node: Node, depth: number, path: readonly string[]): Counted {
    const tag = node.tag;
    if (!tag || tag === '!' || tag.startsWith(YAML_TAG)) return this.plain(node, depth, path);
    const name = tag.replace(/^!+/, '');
    const key = name === 'Ref' || name === 'Condition' ? name : name.startsWith('Fn::') ? name : `Fn::${name}`;
    // a tagged scalar is a name or a text, whatever it looks like: `!Ref yes`, `!GetAZs`
    const inner = isScalar(node) ? { value: scalarText(node), size: 1 } : this.plain(node, depth, []);
    return { value: { [key]: inner.value }, size: inner.size + 1 };
  }

  private plain(node: Node, depth: number, path: readonly string[]): Counted {
    if (isMap(node)) return this.map(node, depth, path);
    if (isSeq(node)) return this.sequence(node, depth);
    if (!isScalar(node)) return { value: null, size: 1 };
    const isText = node.type !== 'PLAIN' || node.tag === `${YAML_TAG}str` || node.tag === '!';
    return { value: isText ? scalarText(node) : readPlainScalar(scalarText(node)), size: 1 };
  }

  private sequence(sequence: YAMLSeq, depth: number): Counted {
    let size = 1;
    const value = sequence.items.map((item) => {
      const counted = this.node(item, depth + 1, UNKNOWN_PATH);
      size += counted.size;
      return counted.value;
    });
    return { value, size };
  }

  private map(map: YAMLMap, depth: number, path: readonly string[]): Counted {
    const entries = new Map<string, unknown>();
    const merged: unknown[] = [];
    let size = 1;
    for (const pair of map.items as Pair<unknown, unknown>[]) {
      const key = this.keyOf(pair.key);
      const offset = (pair.key as Node | null)?.range?.[0] ?? 0;
      if (entries.has(key) && key !== '<<') {
        this.report(
          'TEMPLATE_DUPLICATE_KEY',
          'warning',
          `key \`${key}\` is written twice; the last one counts`,
          offset,
        );
      }
      if (depth === 0) this.remember(key, '', offset);
      if (path.length === 1) this.remember(path[0] ?? '', key, offset);
      const counted = this.node(pair.value, depth + 1, path.length < 1 && depth === 0 ? [key] : UNKNOWN_PATH);
      size += counted.size + 1;
      if (key === '<<' && isPlainKey(pair.key)) merged.push(counted.value);
      else entries.set(key, counted.value);
    }
    return { value: withMerged(entries, merged), size };
  }

  private remember(section: string, name: string, offset: number): void {
    const { line, col } = this.lines.linePos(offset);
    this.places.set(placeKey(section, name), { line, column: col });
  }

  private keyOf(key: unknown): string {
    if (isAlias(key)) return String(this.alias(key).value);
    if (isScalar(key)) return scalarText(key);
    const offset = (key as Node | null)?.range?.[0] ?? 0;
    if (key !== null) this.report('TEMPLATE_KEY', 'error', 'a key must be a text', offset);
    return '';
  }
}

/** A path that matches no section: places are remembered two levels deep only. */
const UNKNOWN_PATH: readonly string[] = ['', ''];

function isPlainKey(key: unknown): boolean {
  return isScalar(key) && key.type === 'PLAIN';
}

function scalarText(node: { readonly value: unknown; readonly source?: string }): string {
  return typeof node.value === 'string' ? node.value : node.value === null ? '' : String(node.value);
}

/** YAML 1.1 merge keys: a map's own entries win over merged ones, earlier merges over later ones. */
function withMerged(entries: ReadonlyMap<string, unknown>, merged: readonly unknown[]): Record<string, unknown> {
  const sources = merged.flatMap((source) => (Array.isArray(source) ? source : [source]));
  const all = new Map<string, unknown>();
  for (const source of sources.reverse()) {
    if (typeof source !== 'object' || source === null) continue;
    for (const [key, value] of Object.entries(source)) all.set(key, value);
  }
  for (const [key, value] of entries) all.set(key, value);
  // defines own keys, `__proto__` too
  return Object.fromEntries(all);
}
