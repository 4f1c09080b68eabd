/**
 * Laws that hold for every network: what is certain is possible, filters only take away, permissions only add, order
 * means nothing, and an uncertain network stands for each of its completions.
 */
import fc from 'fast-check';
import { prefixContains } from '../../../lib/base/net';
import { isKnown, type NetworkModel } from '../../../lib/evidence/network';
import { traceFlow } from '../../../lib/evidence/trace';
import { networkAclEntry, securityGroupRule } from '../../fixtures/network-text';
import { build, complete, flow, spec } from './random-network';

const RUNS = { numRuns: Number(process.env.TRACE_RUNS ?? 300) };
const reaches = (model: NetworkModel, one: Parameters<typeof traceFlow>[1], approximation: 'may' | 'must') =>
  traceFlow(model, one, approximation).verdict === 'reachable';

/**
 * What AWS takes: no destination twice in one table, and inside the VPC's own range only routes to what may stand in the
 * way there (VPC user guide, "Routing for middlebox appliances").
 */
function isAccepted(model: NetworkModel): boolean {
  const refused = ['internet-gateway', 'transit-gateway', 'peering', 'vpn-gateway'];
  const rangesOf = (id: string) => (model.vpcs.find((vpc) => vpc.id === id)?.cidrs ?? []).filter(isKnown);
  return model.routeTables.every(({ routes, vpc }) => {
    const isDistinct = new Set(routes.map(({ destination }) => JSON.stringify(destination))).size === routes.length;
    const isInside = (destination: (typeof routes)[number]['destination']) =>
      'words' in destination && rangesOf(vpc).some((range) => prefixContains(range, destination));
    return (
      isDistinct && !routes.some(({ target, destination }) => refused.includes(target.kind) && isInside(destination))
    );
  });
}

describe('laws of trace', () => {
  it('the random networks are worth asking: every outcome occurs often', () => {
    const counts = { reachable: 0, blocked: 0, open: 0 };
    for (const [random, one] of fc.sample(fc.tuple(spec, flow), { numRuns: 1000, seed: 7 })) {
      const model = build(random);
      if (reaches(model, one, 'must')) counts.reachable++;
      else if (reaches(model, one, 'may')) counts.open++;
      else counts.blocked++;
    }
    expect(Math.min(counts.reachable, counts.blocked, counts.open)).toBeGreaterThan(20);
  });

  it('what must be delivered may be delivered', () => {
    fc.assert(
      fc.property(spec, flow, (random, one) => {
        const model = build(random);
        return !reaches(model, one, 'must') || reaches(model, one, 'may');
      }),
      RUNS,
    );
  });

  it('must ⊆ every completion ⊆ may', () => {
    fc.assert(
      fc.property(spec, flow, fc.infiniteStream(fc.nat(1000)), (random, one, stream) => {
        const picks = stream[Symbol.iterator]();
        const whole = build(complete(random, (options) => Number(picks.next().value) % Math.max(1, options)));
        fc.pre(isAccepted(whole));
        const open = build(random);
        if (reaches(open, one, 'must')) expect(reaches(whole, one, 'must')).toBe(true);
        if (reaches(whole, one, 'may')) expect(reaches(open, one, 'may')).toBe(true);
      }),
      RUNS,
    );
  });

  it.each(['may', 'must'] as const)('a deny in an ACL never delivers more (%s)', (approximation) => {
    fc.assert(
      fc.property(spec, flow, (random, one) => {
        const model = build(random);
        const deny = [
          networkAclEntry('1 ingress deny tcp 443 10.0.0.0/8'),
          networkAclEntry('1 egress deny udp 0.0.0.0/0'),
        ];
        const networkAcls = model.networkAcls.map((acl) => ({ ...acl, entries: [...acl.entries, ...deny] }));
        return !reaches({ ...model, networkAcls }, one, approximation) || reaches(model, one, approximation);
      }),
      RUNS,
    );
  });

  it.each(['may', 'must'] as const)('a rule in a security group never delivers less (%s)', (approximation) => {
    fc.assert(
      fc.property(spec, flow, (random, one) => {
        const model = build(random);
        const securityGroups = model.securityGroups.map((group) => ({
          ...group,
          ingress: [...group.ingress, securityGroupRule('tcp from 10.0.0.0/8')],
          egress: [...group.egress, securityGroupRule('any to 10.0.0.0/8')],
        }));
        return !reaches(model, one, approximation) || reaches({ ...model, securityGroups }, one, approximation);
      }),
      RUNS,
    );
  });

  it('the order of the model means nothing', () => {
    const turned = <T>(list: readonly T[]) => [...list].reverse();
    fc.assert(
      fc.property(spec, flow, (random, one) => {
        const model = build(random);
        const other: NetworkModel = {
          ...model,
          subnets: turned(model.subnets),
          interfaces: turned(model.interfaces),
          transitGatewayAttachments: turned(model.transitGatewayAttachments),
          routeTables: turned(model.routeTables.map((table) => ({ ...table, routes: turned(table.routes) }))),
          networkAcls: turned(model.networkAcls.map((acl) => ({ ...acl, entries: turned(acl.entries) }))),
          securityGroups: turned(
            model.securityGroups.map((group) => ({
              ...group,
              ingress: turned(group.ingress),
              egress: turned(group.egress),
            })),
          ),
        };
        for (const approximation of ['may', 'must'] as const) {
          expect(traceFlow(other, one, approximation).verdict).toBe(traceFlow(model, one, approximation).verdict);
        }
      }),
      RUNS,
    );
  });

  it('a blocked flow always says what blocks it, and a reachable one ends with a delivery', () => {
    fc.assert(
      fc.property(spec, flow, fc.constantFrom('may' as const, 'must' as const), (random, one, approximation) => {
        const trace = traceFlow(build(random), one, approximation);
        if (trace.verdict === 'blocked') expect(trace.blockers.length).toBeGreaterThan(0);
        else expect(trace.forward.hops.at(-1)?.decision).toBe('delivered');
      }),
      RUNS,
    );
  });
});
