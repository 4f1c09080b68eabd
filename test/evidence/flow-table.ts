/**
 * Truth tables of flows beside templates: `flows.yaml` of a folder names, group by group, the templates of a network and
 * what must be answered of each flow, a line each. The form of a line is told at the top of
 * `test/fixtures/templates/flows.yaml`.
 */
import fs from 'node:fs';
import path from 'node:path';
import YAML from 'yaml';
import { hasErrors } from '../../lib/base/diagnostics';
import type { NetworkModel } from '../../lib/evidence/network';
import { nestedStackName, readNetwork, type TemplateFile } from '../../lib/evidence/template';
import { EndIndex, passingOn } from '../../lib/surfaces/cli/end';
import { checkQuery, packetsOfQuery } from '../../lib/surfaces/cli/query';
import { type Explanation, FlowExplainer } from '../../lib/verdict';

export interface Case {
  readonly claim: string;
  readonly templates: readonly string[];
  /** nested templates by the logical id of their stack in the first template */
  readonly nested?: Readonly<Record<string, string>>;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly region?: string;
  readonly flows: string;
}

export type FlowTable = Readonly<Record<string, readonly Case[]>>;

export function readFlowTable(folder: string): FlowTable {
  return YAML.parse(fs.readFileSync(path.join(folder, 'flows.yaml'), 'utf8'));
}

export function linesOf({ flows }: Case): string[] {
  return flows.trim().split('\n');
}

/** `shop.net.yaml` is the template of stack `net`, `shop.yaml` of stack `shop`. */
export function stackOf(file: string): string {
  return path.parse(file).name.split('.').at(-1) ?? file;
}

export function networkOf(folder: string, { templates, nested = {}, parameters, region }: Case): NetworkModel {
  const read = (file: string): string => fs.readFileSync(path.join(folder, file), 'utf8');
  const files = templates.map((file): TemplateFile => ({ stack: stackOf(file), file, text: read(file) }));
  const root = files[0]?.stack ?? '';
  const children = Object.entries(nested).map(([logicalId, file]): TemplateFile => {
    const parent = { stack: root, logicalId };
    return { stack: nestedStackName(root, logicalId), file, text: read(file), parent };
  });
  const { network, diagnostics } = readNetwork([...files, ...children], {
    ...(parameters ? { parameters } : {}),
    ...(region ? { region } : {}),
  });
  expect(hasErrors(diagnostics)).toBe(false);
  return network;
}

export function asker(network: NetworkModel): (line: Line) => Explanation {
  const ends = new EndIndex(network);
  const explainer = new FlowExplainer(network);
  return (line) => {
    const query = checkQuery(line);
    const [from, to] = [ends.resolve(query.from), ends.resolve(query.to)];
    return explainer.explain({
      from: from.ends,
      to: to.ends,
      packets: packetsOfQuery(query),
      ...(from.address ? { fromAddress: from.address } : {}),
      ...(to.address ? { toAddress: to.address } : {}),
      asksSourcePort: query.sourcePort !== undefined,
      ...passingOn(from, to),
    });
  };
}

export interface Line {
  readonly from?: string;
  readonly to?: string;
  readonly protocol?: string;
  readonly port?: string;
  readonly sourcePort?: string;
  readonly verdict?: string;
  readonly more?: string;
}

const LINE =
  /^(?<from>\S+) -> (?<to>\S+) (?<protocol>\S+?)(?: (?<port>\d+))?(?: sp=(?<sourcePort>\d+))?: (?<verdict>reachable|blocked|unknown)(?<more>.*)$/;

export function parseLine(text: string): Line {
  const groups = LINE.exec(text)?.groups;
  if (!groups) throw new Error(`\`${text}\` is no line of the table`);
  return groups;
}

/** What the line says of the answer, and the answer in the same words. */
function compare(
  answer: Explanation,
  { verdict, more = '' }: Line,
): [Record<string, unknown>, Record<string, unknown>] {
  const said: Record<string, unknown> = { verdict };
  const seen: Record<string, unknown> = { verdict: answer.verdict };
  const put = (name: string, pattern: RegExp, read: (text: string) => [unknown, unknown]) => {
    const text = pattern.exec(more)?.[1];
    if (text !== undefined) [said[name], seen[name]] = read(text);
  };
  const isNamed = (blocker: string) => {
    const [kind, id = ''] = blocker.split(' ');
    return answer.blockers.some((each) => each.kind === kind && each.resource.endsWith(id));
  };
  put('forward', /fwd=(\w+)/, (text) => [text, answer.forward.verdict]);
  put('reply', /reply=(\w+)/, (text) => [text, answer.reply.verdict]);
  put('ports', /ports=(\S+)/, (text) => [JSON.parse(text), answer.forward.ports]);
  put('parameters', /params=(\S+)/, (text) => [text.split(','), answer.parameters]);
  put('kinds', /\{(.*?)\}/, (text) => [text.split(','), [...new Set(answer.blockers.map(({ kind }) => kind))]]);
  put('blockers', / \[([a-z].*?)\]/, (text) => [text.split(','), text.split(',').filter(isNamed)]);
  return [said, seen];
}

/** One test a line of the folder's table. */
export function describeFlowTable(folder: string): void {
  describe.each(Object.entries(readFlowTable(folder)))('%s', (_, cases) => {
    describe.each(cases)('$claim', (one) => {
      let ask: ReturnType<typeof asker>;
      beforeAll(() => {
        ask = asker(networkOf(folder, one));
      });

      test.each(linesOf(one))('%s', (text) => {
        const line = parseLine(text);
        const answer = ask(line);
        const [said, seen] = compare(answer, line);
        expect(seen).toEqual(said);
        expect(JSON.stringify(answer)).not.toContain('the engine and the trace disagree');
        if (answer.verdict === 'blocked') expect(answer.blockers).not.toEqual([]);
        if (answer.verdict === 'unknown') expect(answer.unknowns).not.toEqual([]);
      });
    });
  });
}
