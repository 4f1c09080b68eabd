/**
 * One hole at a time, of every kind, wherever it can be made: in what Cordon builds, and in templates that others wrote.
 * Places are drawn by a fixed seed; `ONE_HOLE_PLACES` says how many of each kind and estate (1, and all with 0).
 */
import type { NetworkModel } from '../../lib/evidence/network';
import { readNetwork } from '../../lib/evidence/template';
import type { ZoneModel } from '../../lib/intent/zones';
import { gatherEvidence, type Verdict, type VerifyResult, verifyEstate } from '../../lib/verdict';
import { type Dice, diceOf } from '../property/template-mutations';
import { DEFENCES } from './one-hole/defences';
import { HAND_WRITTEN, openEstate } from './one-hole/estates';
import type { Kind } from './one-hole/kind';
import { undeclared } from './one-hole/walk';
import { WAYS_IN } from './one-hole/ways-in';
import type { Hit, Templates } from './templates';
import { AS_OF, type MutationSubject } from './verified';

const PLACES = Number(process.env.ONE_HOLE_PLACES ?? 1);
const PACKETS = 40;
const ESTATES = ['clinic', 'hospital', ...HAND_WRITTEN];

interface Outcome {
  readonly place: string;
  readonly verdict: Verdict;
  /** of what is proved: packets that get through all the same */
  readonly undeclared: readonly string[];
}

const opened = new Map(ESTATES.map((estate) => [estate, openEstate(estate)]));
const judged = new Map<string, readonly Outcome[]>();

function subjectOf(estate: string): MutationSubject {
  const subject = opened.get(estate);
  if (!subject) throw new Error(`no estate ${estate}`);
  return subject;
}

/** Those that have a place in this estate, by name. */
function kindsIn(estate: string, kinds: readonly Kind[]): (readonly [string, Kind])[] {
  const { templates } = subjectOf(estate);
  return kinds.filter((kind) => kind.places(templates).length > 0).map((kind) => [kind.name, kind]);
}

function outcomesOf(estate: string, kind: Kind): readonly Outcome[] {
  const key = `${estate}\n${kind.name}`;
  const dice = diceOf(key.length);
  const known =
    judged.get(key) ??
    drawn(kind.places(subjectOf(estate).templates), dice).map((place) => judge(estate, kind, place, dice));
  judged.set(key, known);
  return known;
}

function drawn(places: readonly Hit[], dice: Dice): readonly Hit[] {
  const left = [...places];
  const count = PLACES === 0 ? left.length : Math.min(PLACES, left.length);
  return Array.from({ length: count }, () => left.splice(dice(left.length), 1)).flat();
}

function judge(estate: string, kind: Kind, place: Hit, dice: Dice): Outcome {
  const { model, templates } = subjectOf(estate);
  const network = read(estate, holed(templates, kind, place));
  const { verdict } = verify(model, network);
  const got = verdict === 'proved' ? undeclared(network, model, dice, PACKETS) : [];
  return { place: `${place.stack}.${place.logicalId}`, verdict, undeclared: got };
}

function holed(templates: Templates, kind: Kind, { stack, logicalId, resource }: Hit): Templates {
  const made = templates.clone();
  kind.make(
    made,
    made.pick(resource.Type, {}, (one) => one.stack === stack && one.logicalId === logicalId),
  );
  if (JSON.stringify(made.files()) === JSON.stringify(templates.files())) throw new Error('the hole changed nothing');
  return made;
}

function read(estate: string, templates: Templates): NetworkModel {
  const { model } = subjectOf(estate);
  const region = model.regionIsDefault ? 'eu-west-2' : model.region;
  return readNetwork(templates.files(), { region }).network;
}

function verify(model: ZoneModel, network: NetworkModel): VerifyResult {
  return verifyEstate({ model, network, evidence: gatherEvidence(network), asOf: AS_OF });
}

/** Where nothing else stands in the way, a hole in a second line changes what is claimed, somewhere. */
function mattersAlone(kind: Kind, bare: (templates: Templates) => void): boolean {
  return ESTATES.some((estate) => {
    const { model, templates } = subjectOf(estate);
    const alone = templates.clone();
    bare(alone);
    const claims = (made: Templates) => JSON.stringify(verify(model, read(estate, made)).claims);
    const before = claims(alone);
    return kind.places(alone).some((place) => claims(holed(alone, kind, place)) !== before);
  });
}

describe.each(ESTATES)('%s', (estate) => {
  test('is proved before any hole is made, and no packet says otherwise', () => {
    const { model, templates } = subjectOf(estate);
    const network = read(estate, templates);
    const { verdict } = verify(model, network);
    expect({ verdict, undeclared: undeclared(network, model, diceOf(1), 500) }).toEqual({
      verdict: 'proved',
      undeclared: [],
    });
  }, 30_000);

  test.each(kindsIn(estate, WAYS_IN))('%s: never proved', (_, kind) => {
    const outcomes = outcomesOf(estate, kind);
    expect(outcomes.filter(({ verdict }) => verdict === 'proved')).toEqual([]);
  });

  test.each(kindsIn(estate, DEFENCES))('%s: found, or no packet gets through', (_, kind) => {
    for (const { undeclared: got, place } of outcomesOf(estate, kind))
      expect({ place, got }).toEqual({ place, got: [] });
  });
});

test('the walk tells an undeclared packet where there is one', () => {
  const [kind] = DEFENCES.filter(({ name }) => name === 'ingress for everyone');
  if (!kind) throw new Error('no such kind');
  const told = HAND_WRITTEN.flatMap((estate) => {
    const { model, templates } = subjectOf(estate);
    const made = kind.places(templates).map((place) => read(estate, holed(templates, kind, place)));
    return made.flatMap((network) => undeclared(network, model, diceOf(2), 100));
  });
  expect(told).not.toEqual([]);
});

describe('no kind is idle', () => {
  test.each([...WAYS_IN, ...DEFENCES].map((kind) => [kind.name, kind] as const))('%s is found somewhere', (_, kind) => {
    if (kind.bare) return expect(mattersAlone(kind, kind.bare)).toBe(true);
    const verdicts = ESTATES.flatMap((estate) => outcomesOf(estate, kind)).map(({ verdict }) => verdict);
    expect(verdicts.filter((verdict) => verdict !== 'proved')).not.toEqual([]);
  });
});
