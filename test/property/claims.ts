/**
 * Claims against explanations: what `verify` says of two subnets of a network, `explain` does not refute. Both rest on the
 * engine and on trace, and ask them different questions.
 */
import type { NetworkModel } from '../../lib/evidence/network';
import { refutedByExplain, verifyUndeclared } from '../verdict/zone-for-each-subnet';
import type { Disagreement } from './differential';

export function compareClaims(network: NetworkModel): Disagreement[] {
  // A call at a balancer behind PrivateLink is a claim's business, whoever will answer; explain asks who answers today.
  if (network.endpointServices.length > 0) return [];
  const undeclared = verifyUndeclared(network);
  const refuted = refutedByExplain(undeclared).map(({ claim, answer }) =>
    noted(`explain refutes a claim: ${answer.verdict} though ${claim.verdict}`, claim.id, answer),
  );
  const puzzled = undeclared.claims.filter(({ because }) => because.some((reason) => reason.includes('disagree')));
  return [...refuted, ...puzzled.map(({ id, because }) => noted('a claim is puzzled by its own replay', id, because))];
}

/** `id` names the two: `isolation/s1/s2`. */
function noted(law: string, id: string, trace: unknown): Disagreement {
  const [, from = '', to = ''] = id.split('/');
  return { law, approximation: 'may', from, to, packet: 'any', trace };
}
