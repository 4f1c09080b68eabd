/**
 * Laws of templates that are split at random: tied by imports they answer as the whole does, and tied by nobody no answer
 * is surer, and none is turned round.
 */
import type { NetworkModel } from '../../lib/evidence/network';
import type { Explanation } from '../../lib/verdict';
import { isResource, resourcesOf } from './harmless-edits';
import { movedOf, type Split, splitAt, type Tie, withDependents } from './random-splits';
import { asker, disagrees, type Find, pairsOf, type Subject } from './template-laws';
import { type Document, diceOf } from './template-mutations';

const LAWS: Readonly<Record<Tie, string>> = {
  import: 'what is imported is known',
  parameter: 'what nobody tied is no surer',
};

/** One template and one seed: a find in its smallest form, or nothing. */
export function trySplit({ name, document }: Subject, seed: number): Find | undefined {
  const dice = diceOf(seed);
  const tie: Tie = dice(3) === 0 ? 'import' : 'parameter';
  const moved = movedOf(document, dice);
  const split = moved && splitAt(document, moved, tie);
  if (!split) return undefined;
  const find = { law: LAWS[tie], subject: name };
  try {
    const whole = asker({ T: document });
    const pairs = pairsOf(whole.names, dice);
    const [broken] = brokenBy(document, split, tie, pairs);
    if (!broken) return undefined;
    const small = shrunk(document, split, tie, broken);
    const [shown = broken] = brokenBy(small.document, small.split, tie, [broken.pair]);
    const note = `moved by ${tie}: ${[...split.moved].join(' ')}`;
    return { ...find, note, detail: shown.detail, document: { first: small.split.first, second: small.split.second } };
  } catch (error) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const note = `moved by ${tie}: ${[...split.moved].join(' ')}`;
    return { ...find, law: 'nothing crashes', note, detail, document: { first: split.first, second: split.second } };
  }
}

type Pair = readonly [string, string];

interface Broken {
  readonly pair: Pair;
  readonly detail: string;
}

/** The pairs that are answered otherwise than they may be. */
function brokenBy(
  document: Document,
  { moved, first, second }: Split,
  tie: Tie,
  pairs: readonly Pair[],
): readonly Broken[] {
  const whole = asker({ T: document });
  const parts = asker({ T: first, U: second });
  if (whole.isRefused || parts.isRefused) return [];
  const name = (id: string) => {
    const [, logical = '', rest = ''] = /^T\.([A-Za-z0-9]+)(.*)$/.exec(id) ?? [];
    return moved.has(logical) ? `U.${logical}${rest}` : id;
  };
  return pairs.flatMap((pair) => {
    const [from, to] = pair;
    const [one, other] = [whole.ask(from, to), parts.ask(name(from), name(to))];
    if (!one || !other || disagrees(one) || isOpenAsWhole(one, whole.network)) return [];
    const isRight = one.verdict === other.verdict || (tie === 'parameter' && other.verdict === 'unknown');
    return isRight ? [] : [{ pair, detail: `${from} -> ${to}: ${one.verdict} became ${other.verdict}` }];
  });
}

/** Unknown because anything of the stack may be otherwise: half of the stack is another one now, of which nobody says so. */
function isOpenAsWhole({ verdict, unknowns }: Explanation, { unmodelled }: NetworkModel): boolean {
  const ofStack = unmodelled.filter(({ mayChange }) => typeof mayChange === 'object').map(({ id }) => id);
  return verdict === 'unknown' && unknowns.length > 0 && unknowns.every(({ resource }) => ofStack.includes(resource));
}

interface Parts {
  readonly document: Document;
  readonly split: Split;
}

/** Leaves out one thing after the other, with what refers to it, as long as the same two get the same wrong answer. */
function shrunk(document: Document, split: Split, tie: Tie, { pair, detail }: Broken): Parts {
  let small: Parts = { document, split };
  for (let isDone = false; !isDone; ) {
    isDone = true;
    for (const smaller of smallerOnes(small.document)) {
      const parts = splitAt(smaller, split.moved, tie);
      if (!parts || brokenBy(smaller, parts, tie, [pair])[0]?.detail !== detail) continue;
      small = { document: smaller, split: parts };
      isDone = false;
      break;
    }
  }
  return small;
}

/** The document without one of its resources, or without one of their properties. */
function* smallerOnes(document: Document): Generator<Document> {
  const resources = resourcesOf(document);
  for (const [id] of resources) {
    const gone = withDependents(document, [id]);
    const Resources = Object.fromEntries(resources.filter(([name]) => !gone.has(name)));
    yield { ...document, Resources, Outputs: {} };
  }
  for (const [id, resource] of resources) {
    if (!isResource(resource)) continue;
    for (const name of Object.keys(resource.Properties ?? {})) {
      const { [name]: _, ...Properties } = resource.Properties;
      const one = { ...resource, Properties };
      yield { ...document, Resources: { ...Object.fromEntries(resources), [id]: one } };
    }
  }
}
