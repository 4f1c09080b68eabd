/** A network as if nobody had declared anything: every subnet is a zone of its own, and no conduit joins them. */
import { PacketSet } from '../../lib/base/net';
import type { End, NetworkModel } from '../../lib/evidence/network';
import { readEstate, type ZoneModel } from '../../lib/intent/zones';
import { type Claim, type Explanation, FlowExplainer, gatherEvidence, verifyEstate, zoneEnds } from '../../lib/verdict';

const TODAY = '2026-11-23';

/** The answer of `explain` that a claim's verdict leaves no room for. */
const REFUTES = { proved: 'reachable', violated: 'blocked', unknown: 'reachable' } as const;

export interface Undeclared {
  readonly network: NetworkModel;
  readonly model: ZoneModel;
  readonly claims: readonly Claim[];
}

export function verifyUndeclared(network: NetworkModel): Undeclared {
  const model = zoneForEachSubnet(network);
  const { claims } = verifyEstate({ model, network, evidence: gatherEvidence(network), asOf: TODAY });
  return { network, model, claims };
}

export interface Refutation {
  readonly claim: Claim;
  /** what `explain` answers */
  readonly answer: Explanation;
}

/** Claims of two zones that what `explain` answers of everything between them refutes. */
export function refutedByExplain({ network, model, claims }: Undeclared): Refutation[] {
  const explainer = new FlowExplainer(network);
  const places = new Map<string, readonly End[]>();
  // What a gateway balancer gets comes by a route to its endpoint: a claim speaks of whoever stands behind it.
  const inspecting = new Set(network.loadBalancers.flatMap((one) => (one.type === 'gateway' ? one.interface : [])));
  const isAsked = (end: End) => end.kind !== 'interface' || !inspecting.has(end.id);
  for (const [name, { ends }] of zoneEnds(model, network)) places.set(name, ends.filter(isAsked));
  places.set('internet', [{ kind: 'internet' }]);
  return claims.flatMap((claim) => {
    const { id, verdict } = claim;
    const [kind, ...names] = id.split('/');
    const [from, to] = names.map((name) => places.get(name));
    if (kind !== 'isolation' || !from || !to) return [];
    const answer = explainer.explain({ from, to, packets: PacketSet.ALL });
    // Whom the groups of Lattice's association let in `explain` follows to the end; a claim leaves it unknown.
    if (verdict === 'unknown' && network.bridges.length > 0) return [];
    return REFUTES[verdict] === answer.verdict ? [{ claim, answer }] : [];
  });
}

function zoneForEachSubnet({ subnets }: NetworkModel): ZoneModel {
  const zones = subnets.filter(({ external }) => !external).map(({ id }, at) => [`s${at}`, zoneAt(id)]);
  const text = JSON.stringify({
    cordon: 1,
    estate: 'undeclared',
    region: 'eu-west-1',
    zones: Object.fromEntries(zones),
  });
  const { model, diagnostics } = readEstate([{ file: 'zones.yaml', text }], { today: TODAY });
  if (!model) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return model;
}

function zoneAt(subnet: string) {
  return { purpose: 'a subnet', at: { template: { subnets: [subnet] } }, trust: 'restricted', data: 'none' };
}
