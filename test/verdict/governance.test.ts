import { gatherEvidence, verifyEstate } from '../../lib/verdict';
import { claim, conduits, modelOf, TWO_ZONES, twoVpcs } from './scenario';

const FULL = {
  why: 'why: Wards need it',
  owner: 'owner: Platform',
  approved: 'approved: { by: [Board], on: 2026-10-01 }',
  review: 'review: 2027-06-01',
};

function judge(change: Partial<typeof FULL> & { more?: string }, asOf = '2026-11-23') {
  const { more, ...rest } = change;
  const fields = Object.values({ ...FULL, ...rest }).filter((field) => field !== '');
  const entry = `asked: { from: guest, to: ehr/app, allow: [https], who: Staff, ${[...fields, ...(more ? [more] : [])].join(', ')} }`;
  const network = twoVpcs().build();
  const model = modelOf(TWO_ZONES + conduits(entry));
  const result = verifyEstate({ model, network, evidence: gatherEvidence(network), asOf });
  return { ...claim(result, 'governance/asked'), warnings: result.warnings };
}

test.each([
  ['complete', {}, '2026-11-23', 'proved'],
  ['its review is due today', {}, '2027-06-01', 'proved'],
  ['its review was due yesterday', {}, '2027-06-02', 'violated'],
  ['it expires today', { more: 'expires: 2026-12-01' }, '2026-12-01', 'proved'],
  ['it expired yesterday', { more: 'expires: 2026-12-01' }, '2026-12-02', 'violated'],
  ['approved tomorrow', { approved: 'approved: { by: [Board], on: 2026-11-24 }' }, '2026-11-23', 'violated'],
] as const)('%s', (_, change, asOf, verdict) => {
  expect(judge(change, asOf).verdict).toBe(verdict);
});

test('what comes due within 30 days is a warning, and no violation', () => {
  const { verdict, warnings } = judge({ more: 'expires: 2026-12-20' });
  expect(verdict).toBe('proved');
  expect(warnings).toEqual(['asked: expires on 2026-12-20, in 27 days']);
});

test('the day that a conduit is judged at is an argument: the same day always gives the same answer', () => {
  expect(judge({}, '2027-06-02').because).toEqual(['its review was due on 2027-06-01']);
});
