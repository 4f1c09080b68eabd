/** `docs/adoption.md`, followed word for word: its commands run, in its order, and print what it shows. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { Console } from '../surfaces/cli/console';
import { ROOT } from './cruise';

const DOCUMENT = fs.readFileSync(path.join(ROOT, 'docs/adoption.md'), 'utf8');
const HUB = fs.readFileSync(path.join(ROOT, 'test/fixtures/adoption/hub.yaml'), 'utf8');
const NARROWED = ['443, CidrIp: 10.0.0.0/8', '443, CidrIp: 10.2.0.0/16'] as const;

interface Block {
  readonly kind: string;
  readonly lines: readonly string[];
}

const blocks = [...DOCUMENT.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(
  ([, kind = '', text = '']): Block => ({ kind, lines: text.trimEnd().split('\n') }),
);
const consoles = blocks.filter(({ kind }) => kind === 'console');

/** What is shown stands in the output, line after line; `…` is for any lines between. */
function missing(shown: readonly string[], output: string): string[] {
  const lines = output.split('\n');
  let at = 0;
  let isGap = false;
  return shown.filter((line) => {
    if (line === '…') {
      isGap = true;
      return false;
    }
    const found = isGap || at === 0 ? lines.indexOf(line, at) : lines[at] === line ? at : -1;
    isGap = false;
    if (found < 0) return true;
    at = found + 1;
    return false;
  });
}

const cli = new Console().write('hub.yaml', HUB);
afterAll(() => cli.remove());

async function runShown(block: Block | undefined) {
  const [command = '', ...shown] = block?.lines ?? [];
  const { code, stdout, stderr } = await cli.run(...command.replace(/^\$ cordon /, '').split(' '));
  return { code, missing: missing(shown, stdout + stderr) };
}

test('whoever follows the page sees what it shows, up to `proved`', async () => {
  expect(consoles).toHaveLength(3);
  expect(await runShown(consoles[0])).toEqual({ code: 0, missing: [] });

  const proposed = cli.read('zones.yaml');
  const found = blocks.find(({ lines }) => lines.some((line) => line.includes('shared-to-chart:')));
  expect(missing(found?.lines ?? ['no block shows it'], proposed)).toEqual([]);
  const edited = blocks.find(({ kind }) => kind === 'yaml zones.yaml');
  const before = proposed.slice(0, proposed.indexOf('conduits:'));
  cli.write('zones.yaml', `${before}${edited?.lines.join('\n')}\n`);
  expect(await runShown(consoles[1])).toEqual({ code: 2, missing: [] });

  cli.write('hub.yaml', HUB.replace(...NARROWED));
  expect(cli.read('hub.yaml')).not.toBe(HUB);
  expect(await runShown(consoles[2])).toEqual({ code: 0, missing: [] });
});
