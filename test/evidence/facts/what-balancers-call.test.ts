/** Facts 31 and 32: what AWS's own interfaces begin, now or later. Claims of isolation rest on it. */
import { ReachabilityEngine } from '../../../lib/evidence/reachability';
import { FlowExplainer } from '../../../lib/verdict';
import { answer } from '../trace/ask';
import { ask } from './fact';
import { networkOfTemplate, type Resources } from './fact-of-template';
import { APART, GATEWAY, OPEN_CONDITION, resource, subnet, when } from './property-templates';

const FORWARD = { Type: 'forward', TargetGroupArn: { Ref: 'Targets' } };

/** For the internet, with a group that lets everything out. */
const balancer = (actions: readonly unknown[], more: object = {}): Resources => ({
  ...GATEWAY,
  ...APART,
  Balancer: resource('AWS::ElasticLoadBalancingV2::LoadBalancer', {
    ...{ Subnets: [{ Ref: 'Subnet' }], SecurityGroups: [{ Ref: 'Open' }], ...more },
  }),
  Targets: resource('AWS::ElasticLoadBalancingV2::TargetGroup', {
    ...{ VpcId: { Ref: 'Vpc' }, Port: 80, Protocol: 'HTTP', TargetType: 'ip' },
  }),
  Listener: resource('AWS::ElasticLoadBalancingV2::Listener', {
    ...{ LoadBalancerArn: { Ref: 'Balancer' }, Port: 443, Protocol: 'HTTPS', DefaultActions: actions },
  }),
});

const TARGETS =
  'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html#target-type';
const PROVIDERS =
  'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html';

function reaches(resources: Resources, kind: string, id = 'S.Balancer#interface'): boolean {
  const engine = new ReachabilityEngine(networkOfTemplate(resources, OPEN_CONDITION), 'may');
  return engine.reachFrom({ kind: 'interface', id }).reaches.some(({ to }) => to.kind === kind);
}

describe(`32: a target has an address of the VPC or a private one (${TARGETS})`, () => {
  test('whatever will be registered, a balancer never begins a conversation with the internet', () => {
    expect(reaches(balancer([FORWARD]), 'internet')).toBe(false);
    expect(
      answer(
        networkOfTemplate(balancer([FORWARD])),
        'interface:S.Balancer#interface 10.0.1.9 -> internet 8.8.8.8 tcp 443',
      ),
    ).toBe('load-balancer S.Balancer');
  });
  test('what may be registered is called, though nothing is yet', () => {
    expect(reaches(balancer([FORWARD]), 'subnet')).toBe(true);
  });
  test('addresses of the internet that its own VPC has are called', () => {
    const own = { ...balancer([FORWARD]), ...{ Vpc: resource('AWS::EC2::VPC', { CidrBlock: '52.95.0.0/16' }) } };
    const shown = { ...own, Subnet: subnet('52.95.1.0/24'), Next: subnet('52.95.2.0/24') };
    expect(reaches(shown, 'subnet')).toBe(true);
  });
  test('of a VPC whose range is not known nothing is said', () => {
    const open = { ...balancer([FORWARD]), Vpc: resource('AWS::EC2::VPC', { CidrBlock: { Ref: 'Choice' } }) };
    expect(reaches(open, 'internet')).toBe(true);
  });
  test('its clients on the internet are answered all the same', () => {
    const explainer = new FlowExplainer(networkOfTemplate(balancer([FORWARD])));
    expect(ask(explainer, 'internet', 'S.Balancer#interface', 'tcp 443').verdict).toBe('reachable');
  });
});

describe(`32: rules that authenticate have the balancer itself call a provider (${PROVIDERS})`, () => {
  test.each(['authenticate-oidc', 'authenticate-cognito', 'jwt-validation'])('%s', (Type) => {
    const network = networkOfTemplate(balancer([{ Type, Order: 1 }, FORWARD]));
    expect(reaches(balancer([{ Type, Order: 1 }, FORWARD]), 'internet')).toBe(true);
    expect(ask(new FlowExplainer(network), 'S.Balancer#interface', 'internet', 'tcp 443').verdict).toBe('unknown');
    expect(ask(new FlowExplainer(network), 'S.Balancer#interface', 'internet', 'udp 443').verdict).toBe('blocked');
  });
  test('a rule whose kind a condition decides may be one', () => {
    expect(reaches(balancer([{ Type: when('forward', 'authenticate-oidc') }]), 'internet')).toBe(true);
  });
  test('one of a rule apart counts as well', () => {
    const rule = resource('AWS::ElasticLoadBalancingV2::ListenerRule', {
      ...{ ListenerArn: { Ref: 'Listener' }, Priority: 1, Conditions: [] },
      Actions: [{ Type: 'authenticate-oidc', Order: 1 }, FORWARD],
    });
    expect(reaches({ ...balancer([FORWARD]), Rule: rule }, 'internet')).toBe(true);
  });
});

const CODES = 'https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html';
test(`31: an interface endpoint never begins a conversation (VPCE_INTRA_VPC_TRAFFIC, ${CODES})`, () => {
  const endpoint = resource('AWS::EC2::VPCEndpoint', {
    ...{ VpcEndpointType: 'Interface', ServiceName: 'com.amazonaws.eu-west-2.ssm', VpcId: { Ref: 'Vpc' } },
    ...{ SubnetIds: [{ Ref: 'Subnet' }], SecurityGroupIds: [{ Ref: 'Open' }] },
  });
  const resources = { ...GATEWAY, ...APART, Endpoint: endpoint };
  expect(reaches(resources, 'interface', 'S.Endpoint#interface')).toBe(false);
  expect(reaches(resources, 'interface', 'S.Host')).toBe(true);
});
