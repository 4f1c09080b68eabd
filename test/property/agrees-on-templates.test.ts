import * as fs from 'node:fs';
import * as path from 'node:path';
import { readNetwork } from '../../lib/evidence/template';
import { compare } from './differential';

const FOLDERS = [
  path.join(__dirname, '..', 'fixtures', 'templates'),
  path.join(__dirname, '..', '..', '..', 'shared', 'templates'),
  path.join(__dirname, '..', '..', '..', 'shared', 'templates', 'startup-kit'),
];
const PROBES = 40;

const files = FOLDERS.filter((folder) => fs.existsSync(folder)).flatMap((folder) =>
  fs
    .readdirSync(folder)
    .filter((name) => /\.(json|ya?ml)$/.test(name))
    .sort()
    .map((name) => path.join(folder, name)),
);

/** Random networks are small and regular; what people write has references that nothing resolves. */
describe('engine and trace agree on what people write, each template alone', () => {
  test.each(files.map((file) => [path.basename(file), file]))('%s', (name, file) => {
    const stack = name.replace(/\.[^.]*$/, '');
    const { network } = readNetwork([{ stack, file: name, text: fs.readFileSync(file, 'utf8') }], {});
    // A balancer that no template shows may call anybody: trace follows it to its declared targets, the engine everywhere.
    const isWider = network.loadBalancers.some(({ external }) => external);
    const finds = compare(network, 1, PROBES).filter(({ law }) => !isWider || law.startsWith('what trace'));
    expect(
      finds.map(({ law, approximation, from, to, packet }) => `${law}: ${approximation} ${from} -> ${to} ${packet}`),
    ).toEqual([]);
  });
});
