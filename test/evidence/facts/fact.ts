/**
 * A fact of SEMANTICS.md as a truth table: each line is put to the engine, which speaks of all packets, and to explain,
 * where trace has to agree before anybody is told `reachable` or `blocked`.
 */
import { parseAddress } from '../../../lib/base/net';
import type { NetworkModel } from '../../../lib/evidence/network';
import { type Explanation, FlowExplainer } from '../../../lib/verdict';
import { packets } from '../reachability/answer';
import { endOf } from '../trace/ask';

/** from, to, traffic, verdict; `@10.0.0.5` behind an end is the address that its packet carries */
export type Row = readonly [from: string, to: string, what: string, expected: Explanation['verdict']];

export function ask(explainer: FlowExplainer, from: string, to: string, what: string): Explanation {
  const [source, destination] = [from, to].map((text) => {
    // `aws:s3@Endpoint` is a service behind an endpoint
    const [name = '', address] = text.startsWith('aws:') ? [text] : text.split('@');
    const isBare = name !== 'internet' && !name.includes(':');
    return { end: endOf(isBare ? `interface:${name}` : name), address };
  });
  if (!source || !destination) throw new Error(`not a question: ${from} -> ${to}`);
  return explainer.explain({
    from: [source.end],
    to: [destination.end],
    packets: packets(what),
    ...(source.address ? { fromAddress: parseAddress(source.address) } : {}),
    ...(destination.address ? { toAddress: parseAddress(destination.address) } : {}),
  });
}

/** `title` begins with the fact's number. `source` is the AWS page that says so, where a reader might doubt it. */
export function fact(title: string, network: NetworkModel, rows: readonly Row[], source?: string): void {
  const explainer = new FlowExplainer(network);
  describe(source ? `${title} (${source})` : title, () => {
    test.each(rows)('%s -> %s %s: %s', (from, to, what, expected) => {
      const answer = ask(explainer, from, to, what);
      const told = answer.verdict === expected ? expected : { ...answer, hops: undefined };
      expect(told).toBe(expected);
    });
  });
}
