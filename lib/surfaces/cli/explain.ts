/** `cordon explain`: one flow, hop by hop, with all that blocks it; or many, one answer a line. */
import { PacketSet } from '../../base/net';
import type { NetworkModel } from '../../evidence/network';
import { type Explanation, FlowExplainer, type FlowQuestion, type SingleEdit, zoneEnds } from '../../verdict';
import { renderExplanation } from '../report';
import { type Invocation, jsonDiagnostics, type SharedOptions } from './command';
import { EndIndex, type NamedEnd, passingOn } from './end';
import { openEstate } from './estate';
import { DONE, type ExitCode, gravestCode, INPUT_INVALID, UNKNOWN } from './exit-code';
import { readText } from './files';
import { InputError } from './input-error';
import { OtherResources } from './other-resources';
import { checkQuery, packetsOfQuery, type Query, type RawQuery } from './query';
import { readTemplates, type TemplateOptions } from './templates';

export interface ExplainOptions extends SharedOptions, TemplateOptions {
  readonly from?: string;
  readonly to?: string;
  readonly protocol?: string;
  readonly port?: string;
  readonly sourcePort?: string;
  readonly queries?: string;
  readonly zones?: string;
}

export function explain(options: ExplainOptions, invocation: Invocation): ExitCode {
  if (options.assembly === undefined && (options.template?.length ?? 0) === 0) {
    throw InputError.of('CLI_USAGE', 'no templates are given', 'give `--assembly <dir>` or `--template <file>`');
  }
  if (options.queries !== undefined) return explainMany(options.queries, options, invocation);
  const query = checkQuery(options);
  const answer = new Answerer(options, invocation).answerInFull(query);
  if (invocation.options.json) invocation.printJson(documentOf(query, answer));
  else invocation.print(renderExplanation(query, answer, invocation.colors));
  return codeOfAnswer(answer);
}

/** One answer a line, in order; a line that cannot be asked gets its diagnostics, and the others their answers. */
function explainMany(file: string, options: ExplainOptions, invocation: Invocation): ExitCode {
  const lines = readText(file, invocation.terminal.cwd).split(/\r?\n/);
  const answerer = new Answerer(options, invocation);
  const codes: ExitCode[] = [];
  for (const [at, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const raw = parseLine(line);
    try {
      if (!raw) throw InputError.of('QUERY_NOT_JSON', 'the line is no JSON object');
      const query = checkQuery(raw);
      const answer = answerer.answer(query);
      codes.push(codeOfAnswer(answer));
      invocation.print(JSON.stringify(documentOf(query, answer)));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      codes.push(INPUT_INVALID);
      const diagnostics = error.diagnostics.map((each) => ({ ...each, span: { file, line: at + 1, column: 1 } }));
      invocation.print(JSON.stringify({ ...raw, diagnostics: jsonDiagnostics(diagnostics) }));
    }
  }
  return gravestCode(codes);
}

function parseLine(line: string): RawQuery | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function codeOfAnswer({ verdict }: Explanation): ExitCode {
  return verdict === 'unknown' ? UNKNOWN : DONE;
}

/** The JSON form of CONTRACTS, `explain --json`: the question first, then the answer. */
export function documentOf(query: Query, answer: Explanation): Record<string, unknown> {
  return { ...query, ...answer };
}

/** What a question alone is told beside its answer. */
interface Answer extends Explanation {
  readonly oneEditAway?: SingleEdit;
}

/** One network, many questions: ends are looked up once by name. */
class Answerer {
  private readonly explainer: FlowExplainer;
  private readonly ends: EndIndex;
  private readonly resolved = new Map<string, NamedEnd>();

  constructor(options: ExplainOptions, invocation: Invocation) {
    const read = readTemplates(options, invocation);
    const { network } = read;
    this.explainer = new FlowExplainer(network);
    this.ends = new EndIndex(network, zonesOf(options, network, invocation), new OtherResources(read));
  }

  /** With what one edit would change, which costs more than a line of a batch should. */
  answerInFull(query: Query): Answer {
    const question = this.questionOf(query);
    const answer = this.explainer.explain(question);
    const oneEditAway = answer.verdict === 'blocked' ? this.explainer.oneEditAway(question) : undefined;
    return { ...answer, ...(oneEditAway ? { oneEditAway } : {}) };
  }

  answer(query: Query): Explanation {
    return this.explainer.explain(this.questionOf(query));
  }

  private questionOf(query: Query): FlowQuestion {
    const from = this.resolve(query.from);
    const to = this.resolve(query.to);
    return {
      from: from.ends,
      to: to.ends,
      packets: packetsOfQuery(query).intersect(
        PacketSet.of({
          ...(from.addresses ? { sources: from.addresses } : {}),
          ...(to.addresses ? { destinations: to.addresses } : {}),
        }),
      ),
      ...(from.address ? { fromAddress: from.address } : {}),
      ...(to.address ? { toAddress: to.address } : {}),
      asksSourcePort: query.sourcePort !== undefined,
      ...passingOn(from, to),
    };
  }

  private resolve(text: string): NamedEnd {
    const known = this.resolved.get(text) ?? this.ends.resolve(text);
    this.resolved.set(text, known);
    return known;
  }
}

function zonesOf(options: ExplainOptions, network: NetworkModel, invocation: Invocation) {
  if (options.zones === undefined) return undefined;
  const model = openEstate(options.zones, invocation);
  return zoneEnds(model, network);
}
