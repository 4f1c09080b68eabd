/**
 * Balancers whose targets no template shows may call one another, in circles and in every order. What each reaches is
 * worked out once, so that eight of them are answered at once.
 */
import type { End } from '../../../lib/evidence/network';
import { ReachabilityEngine } from '../../../lib/evidence/reachability';
import { readNetwork } from '../../../lib/evidence/template';
import { network } from '../../fixtures/network-builder';

const LB = 'AWS::ElasticLoadBalancingV2';
const ref = (id: string) => ({ Ref: id });
const tcp = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.0.0.0/16' };
const numbers = (count: number) => Array.from({ length: count }, (_, at) => at);

const BASE: Readonly<Record<string, object>> = {
  Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
  Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: ref('Vpc'), CidrBlock: '10.0.0.0/24' } },
  Group: {
    Type: 'AWS::EC2::SecurityGroup',
    Properties: { GroupDescription: 'hosts', VpcId: ref('Vpc'), SecurityGroupIngress: [tcp] },
  },
  Host: {
    Type: 'AWS::EC2::Instance',
    Properties: { ImageId: 'ami-1', SubnetId: ref('Subnet'), SecurityGroupIds: [ref('Group')] },
  },
};

/** Their targets are a parameter's. */
function balancers(count: number): Record<string, object> {
  return Object.fromEntries(
    numbers(count).flatMap((at) => [
      [
        `N${at}`,
        { Type: `${LB}::LoadBalancer`, Properties: { Type: 'network', Scheme: 'internal', Subnets: [ref('Subnet')] } },
      ],
      [
        `T${at}`,
        {
          Type: `${LB}::TargetGroup`,
          Properties: { Protocol: 'TCP', Port: 443, TargetType: 'ip', VpcId: ref('Vpc'), Targets: ref('Targets') },
        },
      ],
      [
        `L${at}`,
        {
          Type: `${LB}::Listener`,
          Properties: {
            ...{ LoadBalancerArn: ref(`N${at}`), Protocol: 'TCP', Port: 443 },
            DefaultActions: [{ Type: 'forward', TargetGroupArn: ref(`T${at}`) }],
          },
        },
      ],
    ]),
  );
}

/** A service behind balancers that no template shows. */
const service = (count: number) => ({
  Service: {
    Type: 'AWS::EC2::VPCEndpointService',
    Properties: {
      NetworkLoadBalancerArns: numbers(count).map((at) => ({ 'Fn::ImportValue': `B${at}` })),
      AcceptanceRequired: false,
    },
  },
  Endpoint: {
    Type: 'AWS::EC2::VPCEndpoint',
    Properties: {
      ...{
        VpcId: ref('Vpc'),
        VpcEndpointType: 'Interface',
        SubnetIds: [ref('Subnet')],
        SecurityGroupIds: [ref('Group')],
      },
      ServiceName: { 'Fn::Join': ['.', ['com.amazonaws.vpce.eu-west-2', ref('Service')]] },
    },
  },
});

function reachFrom(from: End, resources: Readonly<Record<string, object>>, parameters: readonly string[]) {
  const Parameters = Object.fromEntries(parameters.map((name) => [name, { Type: 'String' }]));
  const text = JSON.stringify({ Parameters, Resources: { ...BASE, ...resources } });
  const { network } = readNetwork([{ stack: 'S', file: 's.json', text }], { region: 'eu-west-2' });
  return new ReachabilityEngine(network, 'may').reachFrom(from);
}

function reachesOf(resources: Readonly<Record<string, object>>) {
  return reachFrom({ kind: 'interface', id: 'S.Host' }, resources, ['Targets']).reaches;
}

test('eight balancers that may call one another are asked once each', () => {
  const reaches = reachesOf(balancers(8));
  expect(reaches.length).toBeLessThan(100);
  expect(new Set(reaches.map(({ via }) => via.at(-1)))).toEqual(
    new Set([undefined, ...numbers(8).map((at) => `S.N${at}`)]),
  );
});

test('six balancers, half of them parameters themselves, are told by few ways', () => {
  const resources = balancers(6);
  const open = numbers(6).flatMap((at) => (at % 2 === 1 ? [`N${at}`] : []));
  for (const id of open) delete resources[id];
  const { reaches } = reachFrom({ kind: 'internet' }, resources, ['Targets', ...open]);
  const last = reaches.map(({ via }) => via.at(-1));
  for (const id of open) expect(last).toContain(`S.${id}`);
  expect(reaches.length).toBeLessThan(500);
});

test('an answer comes home past ten hosts that may pass it on, in whatever order', () => {
  const hosts = numbers(10).map((at): [string, object] => [
    `Hop${at}`,
    {
      Type: 'AWS::EC2::Instance',
      Properties: { ImageId: 'ami-1', SubnetId: ref('Far'), SourceDestCheck: ref('Check') },
    },
  ]);
  const resources = {
    ...Object.fromEntries(hosts),
    Far: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: ref('Vpc'), CidrBlock: '10.0.1.0/24' } },
    Table: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: ref('Vpc') } },
    Route: {
      Type: 'AWS::EC2::Route',
      Properties: { RouteTableId: ref('Table'), DestinationCidrBlock: '10.0.0.0/24', GatewayId: ref('Somewhere') },
    },
    Use: {
      Type: 'AWS::EC2::SubnetRouteTableAssociation',
      Properties: { SubnetId: ref('Far'), RouteTableId: ref('Table') },
    },
  };
  const { reaches, unknowns } = reachFrom({ kind: 'interface', id: 'S.Host' }, resources, ['Somewhere', 'Check']);
  expect(reaches.map(({ to }) => to)).toContainEqual({ kind: 'subnet', id: 'S.Far' });
  const doubts = unknowns.filter(({ reason }) => reason === 'what it does with a reply is not known');
  expect(doubts.map(({ resource }) => resource)).toEqual(numbers(10).map((at) => `S.Hop${at}`));
});

test('a balancer that may call itself through another reaches what both reach', () => {
  const [one, two] = [reachesOf(balancers(1)), reachesOf(balancers(2))].map(
    (reaches) => new Set(reaches.map(({ to }) => JSON.stringify(to))),
  );
  expect([...(one ?? [])].filter((end) => !two?.has(end))).toEqual([]);
});

test('three balancers of others behind one endpoint are followed in bounded time', () => {
  const reaches = reachesOf(service(3));
  expect(reaches.length).toBeLessThan(1000);
  expect(reaches.map(({ via }) => via[0])).toContain('S.Endpoint#interface');
});

test.each([2, 6, 7, 9])('%d balancers in a row that keep the client’s address lead to the last target', (count) => {
  const row = numbers(count).map((at) => `Nlb${at}`);
  const builder = network()
    .vpc('A', '10.1.0.0/16')
    .group('Web', 'A', ['tcp 443 from 10.1.0.0/16'])
    .subnet('A1', 'A', '10.1.1.0/24')
    .interface('Client', 'A1', { groups: ['Web'], address: '10.1.1.9' })
    .subnet('A2', 'A', '10.1.2.0/24')
    .interface('Last', 'A2', { groups: ['Web'], address: '10.1.2.9' });
  for (const [at, id] of row.entries()) {
    const next = row[at + 1];
    builder.loadBalancer(id, 'network', 'A1', [`tcp 443 -> Tg${at}`], {
      crossZone: true,
      interface: { filtered: false, address: `10.1.1.${20 + at}` },
    });
    builder.targetGroup(`Tg${at}`, 'tcp', 443, [next === undefined ? 'Last' : `${next}#interface`], {
      preserveClientIp: true,
    });
  }
  const engine = new ReachabilityEngine(builder.build(), 'may');
  const { reaches } = engine.reachFrom(
    { kind: 'interface', id: 'Client' },
    { to: [{ kind: 'interface', id: 'Last' }] },
  );
  expect(reaches.map(({ via }) => via)).toContainEqual(row);
});
