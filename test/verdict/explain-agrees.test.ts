/** Two ways to ask one thing: what `verify` claims of two zones, `explain` answers of everything that one sends the other. */
import fs from 'node:fs';
import path from 'node:path';
import { readNetwork } from '../../lib/evidence/template';
import { compareClaims } from '../property/claims';
import { randomNetwork } from '../property/random-network';
import { refutedByExplain, verifyUndeclared } from './zone-for-each-subnet';

const FOLDERS = ['test/fixtures/templates', '../shared/templates', '../shared/templates/startup-kit'];
const ROOT = path.join(__dirname, '../..');
/** Pairs grow with the square; a few large templates show no more than the others. */
const MOST_SUBNETS = 14;

const networks = FOLDERS.map((folder) => path.join(ROOT, folder))
  .filter((folder) => fs.existsSync(folder))
  .flatMap((folder) => fs.readdirSync(folder).map((name) => path.join(folder, name)))
  .filter((file) => /\.(json|ya?ml)$/.test(file) && path.basename(file) !== 'flows.yaml')
  .map((file) => {
    const { name, base } = path.parse(file);
    const stack = name.replace(/[^A-Za-z0-9]/g, '-');
    const { network } = readNetwork([{ stack, file: base, text: fs.readFileSync(file, 'utf8') }], {});
    return [base, network] as const;
  })
  .filter(([, { subnets }]) => {
    const shown = subnets.filter(({ external }) => !external);
    return shown.length > 0 && shown.length <= MOST_SUBNETS;
  });

describe('explain refutes no claim of two subnets, of each template alone', () => {
  test.each(networks)('%s', (_, network) => {
    expect(refutedByExplain(verifyUndeclared(network))).toEqual([]);
  });

  test('there are claims to refute', () => {
    expect(networks.length).toBeGreaterThan(100);
  });
});

describe.each([0, 15])('explain refutes no claim of random networks of which %i %% are unknown', (unknown) => {
  const drawn = Array.from({ length: 40 }, (_, at) => randomNetwork(5000 + at, { unknown }));

  test('nor do the two semantics that a claim asks puzzle it', () => {
    expect(drawn.flatMap(compareClaims)).toEqual([]);
  });

  test('there are networks to ask about', () => {
    expect(drawn.filter(({ endpointServices }) => endpointServices.length === 0).length).toBeGreaterThan(20);
  });
});
