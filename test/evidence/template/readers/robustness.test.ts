import fc from 'fast-check';
import { isUnknown, type NetworkModel, unknown } from '../../../../lib/evidence/network';
import { buildNetwork } from '../../../../lib/evidence/template/readers';
import { ChoiceValue, ReferenceValue, type Resolved, type Resource } from '../../../../lib/evidence/template/resource';
import { PLACES_OF_TYPE } from '../../../../lib/evidence/template/resource-types';
import { resourcesOf, securityGroup, subnet, VPC, type Written } from './fixture';

const of = (Type: string, Properties: object = {}): Written => ({ Type, Properties: { ...Properties } });
const V2 = 'AWS::ElasticLoadBalancingV2';
const NF = 'AWS::NetworkFirewall';

/** One of nearly everything, so that a broken value meets every reader. */
const TEMPLATE: Readonly<Record<string, Written>> = {
  Vpc: VPC,
  A: subnet(),
  B: subnet('10.0.2.0/24', { MapPublicIpOnLaunch: true }),
  Group: securityGroup({ SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 1, ToPort: 2, CidrIp: '10.0.0.0/8' }] }),
  Rule: of('AWS::EC2::SecurityGroupIngress', {
    GroupId: { Ref: 'Group' },
    IpProtocol: '-1',
    SourceSecurityGroupId: { Ref: 'Group' },
  }),
  Acl: of('AWS::EC2::NetworkAcl', { VpcId: { Ref: 'Vpc' } }),
  Entry: of('AWS::EC2::NetworkAclEntry', {
    NetworkAclId: { Ref: 'Acl' },
    Protocol: 6,
    PortRange: { From: 1, To: 2 },
    RuleNumber: 1,
    RuleAction: 'allow',
    CidrBlock: '0.0.0.0/0',
  }),
  Table: of('AWS::EC2::RouteTable', { VpcId: { Ref: 'Vpc' } }),
  Igw: of('AWS::EC2::InternetGateway'),
  Attached: of('AWS::EC2::VPCGatewayAttachment', { VpcId: { Ref: 'Vpc' }, InternetGatewayId: { Ref: 'Igw' } }),
  Route: of('AWS::EC2::Route', {
    RouteTableId: { Ref: 'Table' },
    DestinationCidrBlock: '0.0.0.0/0',
    GatewayId: { Ref: 'Igw' },
  }),
  Associated: of('AWS::EC2::SubnetRouteTableAssociation', { SubnetId: { Ref: 'A' }, RouteTableId: { Ref: 'Table' } }),
  Nat: of('AWS::EC2::NatGateway', { SubnetId: { Ref: 'B' } }),
  Tgw: of('AWS::EC2::TransitGateway', { DefaultRouteTableAssociation: 'enable' }),
  At: of('AWS::EC2::TransitGatewayVpcAttachment', {
    TransitGatewayId: { Ref: 'Tgw' },
    VpcId: { Ref: 'Vpc' },
    SubnetIds: [{ Ref: 'A' }],
  }),
  TgwTable: of('AWS::EC2::TransitGatewayRouteTable', { TransitGatewayId: { Ref: 'Tgw' } }),
  TgwRoute: of('AWS::EC2::TransitGatewayRoute', {
    TransitGatewayRouteTableId: { Ref: 'TgwTable' },
    TransitGatewayAttachmentId: { Ref: 'At' },
    DestinationCidrBlock: '0.0.0.0/0',
  }),
  Vpn: of('AWS::EC2::VPNConnection', {
    TransitGatewayId: { Ref: 'Tgw' },
    CustomerGatewayId: 'cgw-1',
    StaticRoutesOnly: true,
  }),
  Peering: of('AWS::EC2::VPCPeeringConnection', { VpcId: { Ref: 'Vpc' }, PeerVpcId: 'vpc-0abc' }),
  Endpoint: of('AWS::EC2::VPCEndpoint', {
    VpcId: { Ref: 'Vpc' },
    VpcEndpointType: 'Interface',
    ServiceName: 'com.amazonaws.eu-west-2.kms',
    SubnetIds: [{ Ref: 'A' }],
    PolicyDocument: { Statement: [] },
  }),
  Lb: of(`${V2}::LoadBalancer`, {
    Type: 'network',
    Subnets: [{ Ref: 'A' }],
    LoadBalancerAttributes: [{ Key: 'k', Value: 'v' }],
  }),
  Listener: of(`${V2}::Listener`, {
    LoadBalancerArn: { Ref: 'Lb' },
    Port: 1,
    Protocol: 'TCP',
    DefaultActions: [{ TargetGroupArn: { Ref: 'Tg' } }],
  }),
  Tg: of(`${V2}::TargetGroup`, { Port: 1, Protocol: 'TCP', Targets: [{ Id: { Ref: 'Instance' } }] }),
  Instance: of('AWS::EC2::Instance', { NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: { Ref: 'A' } }] }),
  Asg: of('AWS::AutoScaling::AutoScalingGroup', {
    VPCZoneIdentifier: [{ Ref: 'A' }],
    LaunchTemplate: { LaunchTemplateId: { Ref: 'Template' } },
  }),
  Template: of('AWS::EC2::LaunchTemplate', { LaunchTemplateData: { SecurityGroupIds: [{ Ref: 'Group' }] } }),
  Db: of('AWS::RDS::DBInstance', { DBSubnetGroupName: { Ref: 'Places' }, VPCSecurityGroups: [{ Ref: 'Group' }] }),
  Places: of('AWS::RDS::DBSubnetGroup', { SubnetIds: [{ Ref: 'A' }] }),
  Service: of('AWS::ECS::Service', {
    NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [{ Ref: 'A' }] } },
    LoadBalancers: [{ TargetGroupArn: { Ref: 'Tg' } }],
  }),
  Firewall: of(`${NF}::Firewall`, {
    VpcId: { Ref: 'Vpc' },
    SubnetMappings: [{ SubnetId: { Ref: 'A' } }],
    FirewallPolicyArn: { Ref: 'Policy' },
  }),
  Policy: of(`${NF}::FirewallPolicy`, {
    FirewallPolicy: {
      StatefulRuleGroupReferences: [{ ResourceArn: { Ref: 'Rules' }, Priority: 1 }],
      StatelessDefaultActions: ['aws:pass'],
    },
  }),
  Rules: of(`${NF}::RuleGroup`, {
    RuleGroup: {
      RulesSource: {
        StatefulRules: [
          {
            Action: 'PASS',
            Header: { Protocol: 'TCP', Source: 'ANY', SourcePort: 'ANY', Destination: 'ANY', DestinationPort: '1' },
          },
        ],
      },
    },
  }),
};

const junk: fc.Arbitrary<Resolved> = fc.oneof(
  fc.constantFrom<Resolved>(
    null,
    '',
    'x',
    '10.0.0.0/99',
    -5,
    1.5,
    true,
    [],
    {},
    [[]],
    [{}],
    '$',
    '[',
    '__proto__',
    'sg-1,,sg-2',
  ),
  fc.constant(unknown('junk', ['S.P'])),
  fc.constantFrom(...['Vpc', 'A', 'Group', 'Tgw', 'Nowhere'].map((id) => new ReferenceValue({ resource: `S.${id}` }))),
  fc.constant(new ReferenceValue({ resource: 'S.Vpc', attribute: 'constructor', part: '[0]' })),
  fc.constant(new ChoiceValue(['x', undefined, new ReferenceValue({ resource: 'S.A' })], 'condition', [])),
);

/** Every path into a value, so that any part of it can be broken. */
function paths(value: Resolved | undefined, prefix: readonly string[] = []): (readonly string[])[] {
  const isPlain =
    typeof value === 'object' &&
    value !== null &&
    [Object.prototype, Array.prototype].includes(Object.getPrototypeOf(value));
  return [
    prefix,
    ...(isPlain ? Object.entries(value).flatMap(([key, part]) => paths(part as Resolved, [...prefix, key])) : []),
  ];
}

function broken(value: Resolved | undefined, [head, ...rest]: readonly string[], by: Resolved): Resolved | undefined {
  if (head === undefined) return by;
  if (Array.isArray(value))
    return value.map((part, index) => (String(index) === head ? (broken(part, rest, by) ?? null) : part));
  return {
    ...(value as Record<string, Resolved>),
    [head]: broken((value as Record<string, Resolved>)[head], rest, by),
  };
}

const RESOURCES = resourcesOf(TEMPLATE);
const places = RESOURCES.flatMap((resource, index) =>
  paths(resource.properties)
    .filter((path) => path.length > 0)
    .map((path) => ({ index, path })),
);

/** The ids that nouns refer to and that are in no list. */
function dangling(network: NetworkModel): string[] {
  const ids = new Set(
    Object.values(network).flatMap((list) => (Array.isArray(list) ? list.map(({ id }: { id: string }) => id) : [])),
  );
  const known = (id: unknown) => (id === undefined || isUnknown(id) ? [] : [id as string]);
  const wanted = [
    ...network.subnets.flatMap((one) => [one.vpc, ...known(one.routeTable), ...known(one.networkAcl)]),
    ...network.interfaces.flatMap((one) => [...one.subnets, ...one.securityGroups]),
    ...network.securityGroups.flatMap((one) => [
      one.vpc,
      ...[...one.ingress, ...one.egress].flatMap(({ peer }) => ('id' in peer ? [peer.id] : [])),
    ]),
    ...network.routeTables.flatMap((one) => [
      one.vpc,
      ...one.routes.flatMap(({ target }) => ('id' in target ? [target.id] : [])),
    ]),
    ...network.transitGatewayAttachments.flatMap((one) => [one.transitGateway, ...known(one.association)]),
    ...network.transitGatewayRouteTables.flatMap((one) => [
      one.transitGateway,
      ...one.propagations.map(({ attachment }) => attachment),
    ]),
    ...network.loadBalancers.flatMap((one) => [
      one.interface,
      ...one.listeners.flatMap(({ targetGroups }) => targetGroups),
    ]),
    ...network.targetGroups.flatMap((one) => one.targets.flatMap(({ to }) => (to.kind === 'interface' ? [to.id] : []))),
    ...network.firewalls.flatMap((one) => [one.vpc, ...one.subnets]),
    ...network.vpcEndpoints.flatMap((one) => [one.vpc, ...known(one.interface)]),
  ];
  return wanted.filter((id) => !ids.has(id));
}

test('whatever stands in a property, reading neither fails nor leaves a reference dangling', () => {
  const breaks = fc.array(fc.record({ place: fc.constantFrom(...places), by: junk }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(breaks, (chosen) => {
      const resources: Resource[] = [...RESOURCES];
      for (const { place, by } of chosen) {
        const resource = resources[place.index] as Resource;
        const isThere = paths(resource.properties).some((path) => path.join('\n') === place.path.join('\n'));
        if (!isThere) continue;
        resources[place.index] = {
          ...resource,
          properties: broken(resource.properties, place.path, by) as Resource['properties'],
        };
      }
      expect(dangling(buildNetwork({ resources, region: 'r', opaque: [] }).network)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('no unknown value makes something that stands in the network vanish', () => {
  const standing = (resources: readonly Resource[]) =>
    new Set(
      buildNetwork({ resources, region: 'r', opaque: [] }).network.interfaces.map(({ origin }) => origin.resource),
    );
  const before = standing(RESOURCES);
  for (const { index, path } of places) {
    const resource = RESOURCES[index] as Resource;
    const properties = broken(resource.properties, path, unknown('open', ['S.P'])) as Resource['properties'];
    const after = standing(RESOURCES.map((one) => (one === resource ? { ...one, properties } : one)));
    const vanished = [...before].filter((id) => !after.has(id));
    expect({ resource: resource.id, path, vanished }).toEqual({ resource: resource.id, path, vanished: [] });
  }
});

test('a resource of any networked type without properties is read', () => {
  for (const type of PLACES_OF_TYPE.keys()) {
    expect(
      dangling(buildNetwork({ resources: resourcesOf({ X: of(type) }), region: 'r', opaque: [] }).network),
    ).toEqual([]);
  }
});
