/**
 * Holes in one layer of defence: rules, ACLs, routes, the hub's tables. Where another layer holds, proved is the right
 * answer, and packets must say so, too; somewhere each of them must open something.
 */
import { type Hit, refersTo, type Templates } from '../templates';
import { add, at, groupIdOf, idOf, isBeside, type Kind, vpcOf } from './kind';

const GROUP = 'AWS::EC2::SecurityGroup';
const TABLE = 'AWS::EC2::RouteTable';
const SUBNET = 'AWS::EC2::Subnet';
const ENTRY = 'AWS::EC2::NetworkAclEntry';
const EVERYONE = { IpProtocol: '-1', CidrIp: '0.0.0.0/0' };

type Rule = Record<string, unknown>;

function rule(name: string, direction: 'Ingress' | 'Egress', more: (templates: Templates, group: Hit) => Rule[]): Kind {
  return at(GROUP, `${direction.toLowerCase()} ${name}`, (templates, group) => {
    for (const each of more(templates, group)) {
      const { Condition, ...properties } = { GroupId: groupIdOf(group), ...each } as Rule;
      const made = add(templates, group, `AWS::EC2::SecurityGroup${direction}`, properties);
      if (Condition === undefined) continue;
      const [hit] = templates.all(`AWS::EC2::SecurityGroup${direction}`).filter((one) => one.logicalId === made.Ref);
      if (hit) hit.resource.Condition = Condition;
    }
  });
}

function undecided(templates: Templates, group: Hit): string {
  templates.section(group, 'Parameters').IsHoleOpen = { Type: 'String' };
  templates.section(group, 'Conditions').HoleIsOpen = { 'Fn::Equals': [{ Ref: 'IsHoleOpen' }, 'yes'] };
  return 'HoleIsOpen';
}

const RULES = (['Ingress', 'Egress'] as const).flatMap((direction) => {
  const list = direction === 'Ingress' ? 'SourcePrefixListId' : 'DestinationPrefixListId';
  return [
    rule('for everyone', direction, () => [EVERYONE]),
    rule('for everyone, in halves', direction, () => [
      { ...EVERYONE, CidrIp: '0.0.0.0/1' },
      { ...EVERYONE, CidrIp: '128.0.0.0/1' },
    ]),
    rule('for a prefix list of everyone', direction, (templates, group) => {
      const of = { PrefixListName: 'all', AddressFamily: 'IPv4', MaxEntries: 1, Entries: [{ Cidr: '0.0.0.0/0' }] };
      return [{ IpProtocol: '-1', [list]: add(templates, group, 'AWS::EC2::PrefixList', of) }];
    }),
    rule('for a prefix list of others', direction, () => [{ IpProtocol: '-1', [list]: 'pl-0123456789abcdef0' }]),
    rule('for a range that a parameter names', direction, (templates, group) => {
      templates.section(group, 'Parameters').HoleRange = { Type: 'String' };
      return [{ ...EVERYONE, CidrIp: { Ref: 'HoleRange' } }];
    }),
    rule('for everyone, on a condition', direction, (templates, group) => [
      { ...EVERYONE, Condition: undecided(templates, group) },
    ]),
    at(GROUP, `${direction.toLowerCase()} for everyone, by Fn::If`, (templates, group) => {
      const { Properties } = group.resource;
      const known = Properties[`SecurityGroup${direction}`];
      const choice = { 'Fn::If': [undecided(templates, group), EVERYONE, { Ref: 'AWS::NoValue' }] };
      Properties[`SecurityGroup${direction}`] = [...(Array.isArray(known) ? known : []), choice];
    }),
  ];
});

function gateway(templates: Templates, table: Hit): { Ref: string } {
  const InternetGatewayId = add(templates, table, 'AWS::EC2::InternetGateway', {});
  add(templates, table, 'AWS::EC2::VPCGatewayAttachment', { VpcId: vpcOf(table), InternetGatewayId });
  return InternetGatewayId;
}

function routeEverywhere(templates: Templates, table: Hit, target: Record<string, unknown>): void {
  const RouteTableId = idOf(table);
  add(templates, table, 'AWS::EC2::Route', { RouteTableId, DestinationCidrBlock: '0.0.0.0/0', ...target });
}

const ROUTES = [
  at(TABLE, 'a default route to a new internet gateway', (templates, table) => {
    routeEverywhere(templates, table, { GatewayId: gateway(templates, table) });
  }),
  at(TABLE, 'a public subnet on the table', (templates, table) => {
    routeEverywhere(templates, table, { GatewayId: gateway(templates, table) });
    const uses = templates.all('AWS::EC2::SubnetRouteTableAssociation');
    for (const subnet of templates.all(SUBNET).filter((one) => isBeside(one, table))) {
      const use = uses.find(
        ({ stack, resource }) => stack === subnet.stack && refersTo(resource.Properties.SubnetId, subnet),
      );
      if (use && refersTo(use.resource.Properties.RouteTableId, table))
        subnet.resource.Properties.MapPublicIpOnLaunch = true;
    }
  }),
  ...(['NatGatewayId:nat', 'VpcPeeringConnectionId:pcx', 'NetworkInterfaceId:eni', 'VpcEndpointId:vpce'] as const).map(
    (target) => {
      const [property = '', prefix = ''] = target.split(':');
      return at(TABLE, `a default route to ${prefix}-… that no template shows`, (templates, table) => {
        routeEverywhere(templates, table, { [property]: `${prefix}-0123456789abcdef0` });
      });
    },
  ),
  at('AWS::EC2::SubnetRouteTableAssociation', 'a subnet without its table', (templates, use) => templates.remove(use)),
  at(
    'AWS::EC2::Route',
    'a route that leads everything where some was led',
    (_, { resource }) => {
      const { Properties } = resource;
      if ('DestinationIpv6CidrBlock' in Properties) Properties.DestinationIpv6CidrBlock = '::/0';
      else Object.assign(Properties, { DestinationCidrBlock: '0.0.0.0/0', DestinationPrefixListId: undefined });
    },
    ({ resource }) => !['0.0.0.0/0', '::/0'].includes(String(resource.Properties.DestinationCidrBlock)),
  ),
];

const ACLS = [
  at(ENTRY, 'a denial less', (templates, entry) => templates.remove(entry), isDenial),
  at(
    ENTRY,
    'an entry for everything',
    (_, { resource }) => {
      Object.assign(resource.Properties, { Protocol: -1, CidrBlock: '0.0.0.0/0', PortRange: undefined });
    },
    (entry) => !isDenial(entry) && entry.resource.Properties.PortRange !== undefined,
  ),
  at('AWS::EC2::NetworkAcl', 'an ACL that lets everything pass', (templates, acl) => {
    for (const Egress of [true, false]) {
      const all = { Protocol: -1, RuleAction: 'allow', CidrBlock: '0.0.0.0/0', RuleNumber: 1, Egress };
      add(templates, acl, ENTRY, { NetworkAclId: idOf(acl), ...all });
    }
  }),
  at('AWS::EC2::SubnetNetworkAclAssociation', 'a subnet without its ACL', (templates, use) => templates.remove(use)),
];

function isDenial({ resource }: Hit): boolean {
  return resource.Properties.RuleAction === 'deny';
}

const HUB_TABLE = 'AWS::EC2::TransitGatewayRouteTable';
const attachmentsOf = (templates: Templates) =>
  ['TransitGatewayAttachment', 'TransitGatewayVpcAttachment'].flatMap((type) => templates.all(`AWS::EC2::${type}`));

const HUB = [
  at(HUB_TABLE, 'every attachment propagated', (templates, table) => {
    for (const attachment of attachmentsOf(templates)) {
      add(templates, table, 'AWS::EC2::TransitGatewayRouteTablePropagation', {
        TransitGatewayRouteTableId: idOf(table),
        TransitGatewayAttachmentId: templates.reference(table, attachment),
      });
    }
  }),
  at(
    'AWS::EC2::TransitGatewayRoute',
    'a route of the hub that leads everything',
    (_, { resource }) => {
      resource.Properties.DestinationCidrBlock = '0.0.0.0/0';
    },
    ({ resource }) =>
      resource.Properties.Blackhole !== true && resource.Properties.DestinationCidrBlock !== '0.0.0.0/0',
  ),
  at('AWS::EC2::TransitGatewayRouteTableAssociation', 'an attachment in another table', (templates, use) => {
    const { Properties } = use.resource;
    const other = templates.all(HUB_TABLE).find((table) => !refersTo(Properties.TransitGatewayRouteTableId, table));
    Properties.TransitGatewayRouteTableId = other ? templates.reference(use, other) : 'tgw-rtb-0123456789abcdef0';
  }),
];

const OTHERS = [
  at(SUBNET, 'a group for everyone, worn in the subnet', (templates, subnet) => {
    const open = { GroupDescription: 'open', VpcId: vpcOf(subnet), SecurityGroupIngress: [EVERYONE] };
    const group = add(templates, subnet, GROUP, open);
    const worn = { SubnetId: idOf(subnet), GroupSet: [{ 'Fn::GetAtt': [group.Ref, 'GroupId'] }] };
    add(templates, subnet, 'AWS::EC2::NetworkInterface', worn);
  }),
  at(SUBNET, 'a host with the default group', (templates, subnet) => {
    add(templates, subnet, 'AWS::EC2::Instance', { ImageId: 'ami-0123456789abcdef0', SubnetId: idOf(subnet) });
  }),
  at(SUBNET, 'an endpoint to a service of others', (templates, subnet) => {
    add(templates, subnet, 'AWS::EC2::VPCEndpoint', {
      ...{ VpcEndpointType: 'Interface', VpcId: vpcOf(subnet), SubnetIds: [idOf(subnet)] },
      ServiceName: 'com.amazonaws.vpce.eu-west-2.vpce-svc-0123456789abcdef0',
    });
  }),
];

/** Every group lets everything pass, both ways. */
function openGroups(templates: Templates): void {
  for (const { resource } of templates.all(GROUP)) {
    Object.assign(resource.Properties, { SecurityGroupIngress: [EVERYONE], SecurityGroupEgress: [EVERYONE] });
  }
}

/** And every VPC that is attached leads everything to the hub, past every ACL. */
function openToHub(templates: Templates): void {
  openGroups(templates);
  for (const use of templates.all('AWS::EC2::SubnetNetworkAclAssociation')) templates.remove(use);
  const [hub] = templates.all('AWS::EC2::TransitGateway');
  for (const table of hub ? templates.all(TABLE) : []) {
    const isAttached = attachmentsOf(templates).some((one) => isBeside(one, table));
    const leads = templates.all('AWS::EC2::Route').filter(({ stack, resource }) => {
      return stack === table.stack && refersTo(resource.Properties.RouteTableId, table);
    });
    const isOpen = leads.some(({ resource }) => resource.Properties.DestinationCidrBlock === '0.0.0.0/0');
    if (hub && isAttached && !isOpen) {
      routeEverywhere(templates, table, { TransitGatewayId: templates.reference(table, hub) });
    }
  }
}

const SECOND_LINES: Readonly<Record<string, (templates: Templates) => void>> = {
  'a denial less': openGroups,
  'an entry for everything': openGroups,
  'every attachment propagated': openToHub,
};

export const DEFENCES: readonly Kind[] = [...RULES, ...ROUTES, ...ACLS, ...HUB, ...OTHERS].map((kind) => {
  const bare = SECOND_LINES[kind.name];
  return bare ? { ...kind, bare } : kind;
});
