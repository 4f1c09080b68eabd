/**
 * `npm run fuzz [-- --minutes 10] [--seed 1] [--unknown 0] [--finds 1]`: puts random networks to both semantics for as
 * long as one likes, or until there are so many finds. A find is printed with its seed and made small; the exit code is 2.
 */
import { parseArgs } from 'node:util';
import { compare } from './differential';
import { randomNetwork } from './random-network';
import { shrink } from './shrink';

const PROBES = 60;
const SHARES = [0, 5, 12, 25];

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string' },
    unknown: { type: 'string' },
    finds: { type: 'string', default: '1' },
  },
});

const end = Date.now() + Number(values.minutes) * 60_000;
const first = values.seed === undefined ? Date.now() % 1_000_000_000 : Number(values.seed);
const shares = values.unknown === undefined ? SHARES : [Number(values.unknown)];
let tried = 0;
let finds = 0;
for (let seed = first; tried === 0 || (Date.now() < end && values.seed === undefined); seed++) {
  for (const unknown of shares) {
    tried++;
    const network = randomNetwork(seed, { unknown });
    const [find] = compare(network, seed, PROBES);
    if (!find) continue;
    const isSame = (one: typeof find) => one.law === find.law && one.approximation === find.approximation;
    const small = shrink(network, (candidate) => compare(candidate, seed, PROBES).some(isSame));
    const shown = compare(small, seed, PROBES).find(isSame) ?? find;
    process.stdout.write(`seed ${seed}, ${unknown} % unknown: ${shown.law}\n`);
    process.stdout.write(`${shown.approximation} ${shown.from} -> ${shown.to} ${shown.packet}\n`);
    process.stdout.write(`${JSON.stringify({ network: small, trace: shown.trace }, undefined, 1)}\n`);
    process.exitCode = 2;
    finds++;
    if (finds >= Number(values.finds)) process.exit();
  }
}
process.stdout.write(`${tried} networks, ${finds === 0 ? 'no' : finds} disagreements (seeds from ${first})\n`);
