/**
 * Other tools' networks: the test networks of Batfish and np-guard, the causes that AWS's analyzers name, the pass and fail
 * pairs of lint tools, with the verdicts that they expect. The templates are ours, in `test/fixtures/strangers`;
 * `docs/compared.md` tells what was found.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { End, NetworkModel } from '../../lib/evidence/network';
import type { ZoneModel } from '../../lib/intent/zones';
import { EndIndex } from '../../lib/surfaces/cli/end';
import { type Claim, zoneEnds } from '../../lib/verdict';
import { refutedByExplain, type Undeclared, verifyUndeclared } from '../verdict/zone-for-each-subnet';
import { type Case, describeFlowTable, linesOf, networkOf, parseLine, readFlowTable } from './flow-table';

const FOLDER = path.join(__dirname, '../fixtures/strangers');
const SOURCES = fs.readdirSync(FOLDER);

/** Each network once, whatever is asked of it. */
function networksOf(source: string): Case[] {
  return [
    ...new Map(casesOf(source).map((one) => [`${one.templates} ${JSON.stringify(one.parameters)}`, one])).values(),
  ];
}

const casesOf = (source: string): readonly Case[] => Object.values(readFlowTable(path.join(FOLDER, source))).flat();

describe.each(SOURCES)('networks of others: %s', (source) => {
  describeFlowTable(path.join(FOLDER, source));

  test.each(casesOf(source))('no line refutes a claim of isolation that is proved: $claim', (one) => {
    const { network, model, claims } = verified(source, one);
    const proved = new Set(claims.filter(({ verdict }) => verdict === 'proved').map(({ id }: Claim) => id));
    const zonesOf = zoneFinder(network, model);
    const refuted = linesOf(one).flatMap((text) => {
      const { from = '', to = '', verdict } = parseLine(text);
      if (verdict === 'blocked') return [];
      const [[sender, ...moreSenders], [receiver, ...moreReceivers]] = [zonesOf(from), zonesOf(to)];
      const isPair = moreSenders.length + moreReceivers.length === 0 && sender !== undefined && sender !== receiver;
      return isPair && proved.has(`isolation/${sender}/${receiver}`) ? [text] : [];
    });
    expect(refuted).toEqual([]);
  });

  test.each(networksOf(source))('explain refutes no claim of two subnets: $templates', (one) => {
    expect(refutedByExplain(verified(source, one))).toEqual([]);
  });
});

const COMPARED = path.join(__dirname, '../../docs/compared.md');

test('docs/compared.md counts the networks and verdicts of each source', () => {
  const text = fs.readFileSync(COMPARED, 'utf8');
  const rows = SOURCES.map((source) => {
    const cases = casesOf(source);
    const networks = new Set(cases.map(({ templates }) => templates.join())).size;
    const lines = cases.flatMap(linesOf);
    const marked = (mark: RegExp) => lines.filter((line) => mark.test(line)).length;
    return `| ${[source, networks, lines.length, marked(/ theirs=/), marked(/ ours$/)].join(' | ')} |`;
  });
  expect(text.split('\n').filter((line) => /^\| [a-z]/.test(line))).toEqual(rows);
});

test('docs/compared.md counts the claims of isolation', () => {
  const networks = SOURCES.flatMap((source) => networksOf(source).map((one) => verified(source, one).claims));
  const verdicts = networks.flat().flatMap(({ id, verdict }) => (id.startsWith('isolation/') ? [verdict] : []));
  const [proved, violated, unknown] = ['proved', 'violated', 'unknown'].map(
    (verdict) => verdicts.filter((each) => each === verdict).length,
  );
  const open = networks.filter((claims) => claims.some(({ verdict }) => verdict === 'unknown')).length;
  const counted = `${proved} proved, ${violated} violated, ${unknown} unknown, these in ${open} networks`;
  expect(fs.readFileSync(COMPARED, 'utf8').replace(/\s+/g, ' ')).toContain(counted);
});

/** What `verify` says of the network, of which nothing is declared. */
function verified(source: string, one: Case): Undeclared {
  return verifyUndeclared(networkOf(path.join(FOLDER, source), one));
}

/** The zones of what a line names: `internet`, or where interfaces stand; none for what stands in no subnet. */
function zoneFinder(network: NetworkModel, model: ZoneModel): (name: string) => string[] {
  const index = new EndIndex(network);
  const homes = new Map<string, string[]>();
  for (const [zone, { ends }] of zoneEnds(model, network)) {
    for (const end of ends) if (end.kind === 'interface') homes.set(end.id, [...(homes.get(end.id) ?? []), zone]);
  }
  const home = (end: End) => {
    if (end.kind === 'internet') return ['internet'];
    return end.kind === 'interface' ? (homes.get(end.id) ?? []) : [];
  };
  return (name) => {
    const found = index.resolve(name).ends.map(home);
    return found.every((zones) => zones.length > 0) ? [...new Set(found.flat())] : [];
  };
}
