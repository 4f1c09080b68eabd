/**
 * Laws of templates that are changed: what makes less known makes no answer surer, and nothing crashes.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { hasErrors } from '../../lib/base/diagnostics';
import { PacketSet } from '../../lib/base/net';
import { readNetwork, type TemplateFile } from '../../lib/evidence/template';
import { EndIndex } from '../../lib/surfaces/cli/end';
import { InputError } from '../../lib/surfaces/cli/input-error';
import { type Explanation, FlowExplainer } from '../../lib/verdict';
import { breakAt, type Dice, type Document, diceOf, documentOf, hide } from './template-mutations';

export interface Subject {
  readonly name: string;
  readonly document: Document;
}

export interface Find {
  readonly law: string;
  readonly subject: string;
  readonly note: string;
  readonly detail: string;
  readonly document: Document;
}

const PAIRS = 8;

/** Every template in a folder, the folders in it too. */
export function subjectsIn(folder: string): Subject[] {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ya?ml|json|template)$/.test(file))
    .sort()
    .flatMap((file): Subject[] => {
      const document = documentOf(file, fs.readFileSync(path.join(folder, file), 'utf8'));
      return document && Object.keys(document.Resources ?? {}).length > 0 ? [{ name: file, document }] : [];
    });
}

/** One template and one seed: a find, or nothing. */
export function tryTemplate({ name, document }: Subject, seed: number): Find | undefined {
  const dice = diceOf(seed);
  const isHidden = dice(3) > 0;
  const mutation = isHidden ? hide(document, dice) : breakAt(document, dice);
  if (!mutation) return undefined;
  const find = (law: string, detail: string): Find => ({
    law,
    subject: name,
    note: mutation.note,
    detail,
    document: mutation.document,
  });
  try {
    const before = asker({ T: document });
    const after = asker({ T: mutation.document });
    if (after.isRefused) return undefined;
    for (const [from, to] of pairsOf(before.names, dice)) {
      const [one, other] = [before.ask(from, to), after.ask(from, to)];
      if (other && disagrees(other)) return find('the two semantics agree', `${from} -> ${to}`);
      if (!one || !other || !isHidden || disagrees(one)) continue;
      if (other.verdict !== 'unknown' && other.verdict !== one.verdict) {
        return find('what is less known is no surer', `${from} -> ${to}: ${one.verdict} became ${other.verdict}`);
      }
    }
  } catch (error) {
    return find('nothing crashes', error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  return undefined;
}

export function disagrees({ unknowns }: Explanation): boolean {
  return unknowns.some(({ reason }) => reason.includes('the engine and the trace disagree'));
}

/** Answers questions about templates that are given together, by the names of their stacks. */
export function asker(documents: Readonly<Record<string, Document>>) {
  const files = Object.entries(documents).map(([stack, document]): TemplateFile => {
    return { stack, file: `${stack}.json`, text: JSON.stringify(document) };
  });
  const { network, diagnostics } = readNetwork(files, { region: 'eu-west-1' });
  const ends = new EndIndex(network);
  const explainer = new FlowExplainer(network);
  const names = network.interfaces.filter(({ external }) => !external).map(({ origin }) => origin.resource);
  const subnets = network.subnets.filter(({ external }) => !external).map(({ id }) => id);
  return {
    network,
    /** the command line answers no question about such a template */
    isRefused: hasErrors(diagnostics),
    names: [...new Set([...names, ...subnets])],
    /** undefined where the ends have no name any more */
    ask(from: string, to: string): Explanation | undefined {
      try {
        return explainer.explain({
          from: ends.resolve(from).ends,
          to: ends.resolve(to).ends,
          packets: PacketSet.of({ protocols: [6] }),
          asksSourcePort: false,
        });
      } catch (error) {
        if (error instanceof InputError) return undefined;
        throw error;
      }
    },
  };
}

export function pairsOf(names: readonly string[], dice: Dice): [string, string][] {
  const all = ['internet', ...names];
  const one = () => all[dice(all.length)] ?? 'internet';
  return Array.from({ length: PAIRS }, (): [string, string] => [one(), one()]).filter(([from, to]) => from !== to);
}
