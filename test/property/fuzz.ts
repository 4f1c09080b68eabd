/**
 * `npm run fuzz [-- --minutes 10] [--seed 1] [--unknown 0] [--finds 1]`: puts random networks to both semantics, completes
 * what is not known in them, asks one engine many questions, makes and checks certificates, and puts claims to explain, for as
 * long as one likes, or until there are so many finds. A find is printed with its seed and made small; the exit code is 2.
 * `npm run fuzz -- --templates [folder…]` changes real templates instead: the fixtures, those of others where they are
 * given, and a synthesized assembly if its folder is named. `npm run fuzz -- --splits [folder…]` splits them in two.
 */
import { parseArgs } from 'node:util';
import type { NetworkModel } from '../../lib/evidence/network';
import { compareCertificates } from './certificates';
import { compareClaims } from './claims';
import { compareCompletions } from './completions';
import { compare, type Disagreement } from './differential';
import { fuzzTemplates } from './fuzz-templates';
import { compareOrders } from './order-of-questions';
import { type RandomOptions, randomNetwork } from './random-network';
import { shrink } from './shrink';
import { trySplit } from './split-laws';
import { tryTemplate } from './template-laws';

const PROBES = 60;
const COMPLETIONS = 2;
const SHARES = [0, 5, 12, 25];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    templates: { type: 'boolean', default: false },
    splits: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string' },
    unknown: { type: 'string' },
    finds: { type: 'string', default: '1' },
  },
});

/** What is asked of a network that a seed makes; nothing found is nothing wrong. */
interface Trial {
  readonly options: Partial<RandomOptions>;
  readonly disagreements: (network: NetworkModel, seed: number, unknown: number) => Disagreement[];
}

const TRIALS: readonly Trial[] = [
  { options: {}, disagreements: semantics },
  { options: { balancers: 2 }, disagreements: semantics },
  { options: { balancers: 3 }, disagreements: compareOrders },
  { options: { balancers: 2 }, disagreements: compareCertificates },
  { options: {}, disagreements: compareClaims },
];

/** One after the other: most networks have nothing to find, and a find of the first kind is enough. */
function semantics(network: NetworkModel, seed: number, unknown: number): Disagreement[] {
  const found = compare(network, seed, PROBES);
  return found.length > 0 || unknown === 0 ? found : compareCompletions(network, seed, COMPLETIONS);
}

const end = Date.now() + Number(values.minutes) * 60_000;
const first = values.seed === undefined ? Date.now() % 1_000_000_000 : Number(values.seed);
const shares = values.unknown === undefined ? SHARES : [Number(values.unknown)];
if (values.templates || values.splits) {
  const bounds = { end, first, isOne: values.seed !== undefined, finds: Number(values.finds) };
  fuzzTemplates(positionals, bounds, values.splits ? trySplit : tryTemplate);
  process.exit();
}
let tried = 0;
let finds = 0;
for (let seed = first; tried === 0 || (Date.now() < end && values.seed === undefined); seed++) {
  for (const unknown of shares) {
    tried++;
    for (const { options, disagreements } of TRIALS) {
      const network = randomNetwork(seed, { unknown, tables: unknown, ...options });
      const [find] = disagreements(network, seed, unknown);
      if (!find) continue;
      tell(find, network, seed, unknown, disagreements);
      process.exitCode = 2;
      finds++;
      if (finds >= Number(values.finds)) process.exit();
    }
  }
}
process.stdout.write(`${tried} networks, ${finds === 0 ? 'no' : finds} disagreements (seeds from ${first})\n`);

/** What was found, in the smallest network that shows it. */
function tell(
  find: Disagreement,
  network: NetworkModel,
  seed: number,
  unknown: number,
  disagreements: Trial['disagreements'],
): void {
  const isSame = (one: Disagreement) => one.law === find.law && one.approximation === find.approximation;
  const small = shrink(network, (candidate) => disagreements(candidate, seed, unknown).some(isSame));
  const shown = disagreements(small, seed, unknown).find(isSame) ?? find;
  process.stdout.write(`seed ${seed}, ${unknown} % unknown: ${shown.law}\n`);
  process.stdout.write(`${shown.approximation} ${shown.from} -> ${shown.to} ${shown.packet}\n`);
  process.stdout.write(`${JSON.stringify({ network: small, trace: shown.trace }, undefined, 1)}\n`);
}
