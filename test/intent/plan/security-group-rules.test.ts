import { formatPortRange, formatPrefix } from '../../../lib/base/net';
import { type NetworkPlan, planNetwork, type RulePlan } from '../../../lib/intent/plan';
import { describe as descriptionOf } from '../../../lib/intent/plan/leg';
import { hospital } from './estate-builder';

const { plan } = planNetwork(hospital());

function rulesOf(of: NetworkPlan | undefined, key: string): string[] {
  const group = of?.vpcs.flatMap((vpc) => vpc.securityGroups).find((one) => one.key === key);
  return (group?.rules ?? []).map(show).sort();
}

function show({ direction, protocol, ports, peer }: RulePlan): string {
  const who =
    peer.kind === 'group' ? peer.key : peer.kind === 'cidr' ? formatPrefix(peer.cidr) : `service ${peer.service}`;
  return `${direction} ${protocol} ${ports ? formatPortRange(ports) : 'echo'} ${who}`;
}

const rangeOf = (key: string) => plan?.ledger[`asset:${key}`];

describe('an asset has the rules of its conduits, and no others', () => {
  test.each([
    [
      'ehr/database',
      [
        'ingress tcp 5432 ehr/app',
        'egress tcp 443 ehr#aws-kms',
        'egress tcp 443 ehr#aws-logs',
        'egress tcp 443 service s3',
        `egress udp 514 ${rangeOf('soc')}`,
      ],
    ],
    ['lab/lis', ['egress tcp 12575 integration/engine', 'egress tcp 443 lab#aws-kms']],
    ['portal/web', ['ingress tcp 443 portal/web#public-balancer', 'egress tcp 8443 portal->ehr/app']],
    ['soc', [`ingress udp 514 ${rangeOf('ehr/app')}`, `ingress udp 514 ${rangeOf('ehr/database')}`]],
    [
      'pacs/archive',
      [
        'ingress tcp 2762 10.130.8.0/24',
        'egress tcp 11112 10.130.8.0/24',
        'ingress tcp 443 pacs/archive#internal-balancer',
        'egress tcp 443 service s3',
      ],
    ],
  ])('%s', (key, rules) => {
    expect(rulesOf(plan, key)).toEqual([...rules].sort());
  });
});

describe('what stands between two VPCs admits the declared initiator alone', () => {
  test('the endpoint: the asset that may call, on the ports it may call', () => {
    expect(rulesOf(plan, 'portal->ehr/app')).toEqual(['ingress tcp 8443 portal/web']);
  });

  test('the balancer: each consumer by its range, on its own ports only, and on to its target', () => {
    expect(rulesOf(plan, 'ehr/app#internal-balancer')).toEqual(
      [
        `ingress tcp 12575 ${rangeOf('integration/engine')}`,
        `ingress tcp 8443 ${rangeOf('portal/web')}`,
        'egress tcp 12575 ehr/app',
        'egress tcp 8443 ehr/app',
      ].sort(),
    );
  });

  test('the endpoint of an AWS service: the assets of its zone', () => {
    expect(rulesOf(plan, 'ehr#aws-kms')).toEqual(['ingress tcp 443 ehr/app', 'ingress tcp 443 ehr/database']);
  });
});

test('a rule names the conduit it is for and why it is needed', () => {
  const group = plan?.vpcs.flatMap((vpc) => vpc.securityGroups).find(({ key }) => key === 'lab/lis');
  const rule = group?.rules.find(({ ports }) => ports?.from === 12575);
  expect(rule?.conduits).toEqual(['lab-lis-to-integration-engine-hl7-mllp-tls']);
  expect(rule?.description).toBe('lab-lis-to-integration-engine-hl7-mllp-tls: lab/lis needs integration/engine');
});

test.each([
  ["the patient's chart", 'the patients chart'],
  ['A → B <now>', 'A - B -now-'],
  ['two\nlines\tand   spaces', 'two lines and spaces'],
  ['é'.repeat(3), '---'],
  ['x'.repeat(400), 'x'.repeat(255)],
])('a description has only what EC2 accepts: %j', (text, expected) => {
  expect(descriptionOf(text)).toBe(expected);
});
