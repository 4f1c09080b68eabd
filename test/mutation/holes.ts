/**
 * Ways to open a path that nobody declared: one resource or one property each, from SEMANTICS ("Holes that packaged rule
 * sets do not see") and its facts. Each says in which layer it is made, and which claim must fall.
 */
import type { Layer } from './layers';
import { propagate } from './layers';
import { type Hit, refersTo, type Templates } from './templates';

export interface Hole {
  readonly name: string;
  readonly layer: Layer;
  /** the claim, or the beginning of its id */
  readonly claim: string;
  readonly verdict: 'violated' | 'unknown';
  readonly mutate: (templates: Templates) => void;
}

const GROUP = 'AWS::EC2::SecurityGroup';
const SUBNET = 'AWS::EC2::Subnet';
const TABLE = 'AWS::EC2::RouteTable';
const ROUTE = 'AWS::EC2::Route';
const HUB_TABLE = 'AWS::EC2::TransitGatewayRouteTable';
const ATTACHMENT = 'AWS::EC2::TransitGatewayAttachment';
const WARD = '10.130.0.0/20';

type Rule = Record<string, unknown>;

// ------------------------------------------------------------------------------------------------- in so many words

const store = (templates: Templates) => templates.pick(GROUP, { zone: 'archive', asset: 'store' });
const app = (templates: Templates) => templates.pick(GROUP, { zone: 'ehr', asset: 'app' });
const subnetOf = (templates: Templates, zone: string, asset: string) => templates.pick(SUBNET, { zone, asset });
const tableOf = (templates: Templates, zone: string, asset: string) => templates.pick(TABLE, { zone, asset });
const hubTableOf = (templates: Templates, stack: string) => {
  return templates.pick(HUB_TABLE, {}, (hit) => hit.stack === stack);
};
const attachmentOf = (templates: Templates, stack: string) => {
  return templates.pick(ATTACHMENT, {}, (hit) => hit.stack === stack);
};

function rulesOf(group: Hit, direction: 'Ingress' | 'Egress'): Rule[] {
  const property = `SecurityGroup${direction}`;
  const rules = group.resource.Properties[property];
  if (!Array.isArray(rules)) throw new Error(`${group.logicalId} has no inline ${direction}`);
  return rules as Rule[];
}

function addIngress(group: Hit, ...rules: Rule[]): void {
  rulesOf(group, 'Ingress').push(...rules);
}

function wardRule(group: Hit, direction: 'Ingress' | 'Egress'): Rule {
  const rule = rulesOf(group, direction).find(({ CidrIp }) => CidrIp === WARD);
  if (!rule) throw new Error(`${group.logicalId} has no ${direction} rule for the ward`);
  return rule;
}

function setTag(hit: Hit, key: string, value: string | undefined): void {
  const tags = (hit.resource.Properties.Tags as { Key: string; Value: string }[]).filter((tag) => tag.Key !== key);
  hit.resource.Properties.Tags = value === undefined ? tags : [...tags, { Key: key, Value: value }];
}

const groupId = ({ logicalId }: Hit) => ({ 'Fn::GetAtt': [logicalId, 'GroupId'] });

const arn = (kind: string, id: unknown) => ({
  'Fn::Join': ['/', [`arn:aws:ec2:eu-west-2:111122223333:${kind}`, id]],
});

function addInstance(templates: Templates, beside: Hit, properties: Record<string, unknown>): void {
  templates.add(beside, 'Stray', 'AWS::EC2::Instance', { ImageId: 'ami-0123456789abcdef0', ...properties });
}

// ------------------------------------------------------------------------------------------------------------ holes

const BINDING: readonly Hole[] = [
  {
    name: 'a subnet of the chart is tagged as research',
    layer: 'as synthesized',
    claim: 'isolation/research/',
    verdict: 'violated',
    mutate: (templates) => setTag(subnetOf(templates, 'ehr', 'database'), 'cordon:zone', 'research'),
  },
  {
    name: 'a subnet of the chart says no zone',
    layer: 'as synthesized',
    claim: 'binding',
    verdict: 'violated',
    mutate: (templates) => setTag(subnetOf(templates, 'ehr', 'app'), 'cordon:zone', undefined),
  },
  {
    name: 'a subnet of the shared VPC takes the tag of its neighbour',
    layer: 'as synthesized',
    claim: 'service/pharmacy-checks-lab/',
    verdict: 'violated',
    mutate: (templates) => setTag(subnetOf(templates, 'pharmacy', 'server'), 'cordon:zone', 'lab'),
  },
  {
    name: 'a subnet that nobody tagged appears in the chart VPC',
    layer: 'as synthesized',
    claim: 'binding',
    verdict: 'violated',
    mutate: (templates) => {
      const sibling = subnetOf(templates, 'ehr', 'app');
      const cidr = String(sibling.resource.Properties.CidrBlock).replace(/\.\d+\/\d+$/, '.240/28');
      templates.add(sibling, 'Forgotten', SUBNET, { VpcId: sibling.resource.Properties.VpcId, CidrBlock: cidr });
    },
  },
  {
    name: 'an instance stands in two zones at once',
    layer: 'as synthesized',
    claim: 'binding',
    verdict: 'violated',
    mutate: (templates) => {
      const [lab, pharmacy] = [subnetOf(templates, 'lab', 'lis'), subnetOf(templates, 'pharmacy', 'server')];
      const groupOf = (zone: string, asset: string) => templates.pick(GROUP, { zone, asset });
      const [lis, server] = [groupOf('lab', 'lis'), groupOf('pharmacy', 'server')];
      const wears = (group: Hit) => ({ GroupSet: [templates.reference(lab, group, 'GroupId')] });
      addInstance(templates, lab, {
        NetworkInterfaces: [
          { DeviceIndex: '0', SubnetId: { Ref: lab.logicalId }, ...wears(lis) },
          { DeviceIndex: '1', SubnetId: templates.reference(lab, pharmacy), ...wears(server) },
        ],
      });
    },
  },
  {
    name: 'the laboratory database spreads into the pharmacy',
    layer: 'as synthesized',
    claim: 'binding',
    verdict: 'violated',
    mutate: (templates) => {
      const [group] = templates.all('AWS::RDS::DBSubnetGroup');
      if (!group) throw new Error('the estate has no database');
      const pharmacy = subnetOf(templates, 'pharmacy', 'server');
      (group.resource.Properties.SubnetIds as unknown[]).push(templates.reference(group, pharmacy));
    },
  },
];

const GROUPS: readonly Hole[] = [
  hole('the store admits the ward on every port and protocol', 'isolation/ward/archive', (templates) => {
    Object.assign(wardRule(store(templates), 'Ingress'), { IpProtocol: '-1', FromPort: undefined, ToPort: undefined });
  }),
  hole('the store admits the ward on a range around the declared port', 'isolation/ward/archive', (templates) => {
    Object.assign(wardRule(store(templates), 'Ingress'), { FromPort: 2000, ToPort: 3000 });
  }),
  hole('the store admits the ward on one more port, by protocol number', 'isolation/ward/archive', (templates) => {
    addIngress(store(templates), { CidrIp: WARD, IpProtocol: '6', FromPort: 22, ToPort: 22 });
  }),
  hole('the store admits everyone on port 22', 'isolation/ward/archive', (templates) => {
    addIngress(store(templates), { CidrIp: '0.0.0.0/0', IpProtocol: 'tcp', FromPort: 22, ToPort: 22 });
  }),
  hole('the store admits everyone in two halves', 'isolation/ward/archive', (templates) => {
    const half = (CidrIp: string) => ({ CidrIp, IpProtocol: 'tcp', FromPort: 445, ToPort: 445 });
    addIngress(store(templates), half('0.0.0.0/1'), half('128.0.0.0/1'));
  }),
  hole('the store admits ten-slash-eight', 'isolation/ward/archive', (templates) => {
    addIngress(store(templates), { CidrIp: '10.0.0.0/8', IpProtocol: '-1' });
  }),
  hole('the store admits a prefix list that holds the ward', 'isolation/ward/archive', (templates) => {
    const group = store(templates);
    templates.add(group, 'Partners', 'AWS::EC2::PrefixList', {
      PrefixListName: 'partners',
      AddressFamily: 'IPv4',
      MaxEntries: 2,
      Entries: [{ Cidr: '192.0.2.0/24' }, { Cidr: '10.128.0.0/9' }],
    });
    addIngress(group, { SourcePrefixListId: { Ref: 'Partners' }, IpProtocol: 'tcp', FromPort: 22, ToPort: 22 });
  }),
  hole('a standalone rule opens the store to the ward', 'isolation/ward/archive', (templates) => {
    const group = store(templates);
    templates.add(group, 'QuickFix', 'AWS::EC2::SecurityGroupIngress', {
      GroupId: groupId(group),
      CidrIp: WARD,
      IpProtocol: 'tcp',
      FromPort: 3389,
      ToPort: 3389,
    });
  }),
  hole(
    'a rule of the store hangs on an import that nobody exports',
    'isolation/ward/archive',
    (templates) => {
      const range = { 'Fn::ImportValue': 'partners-range' };
      addIngress(store(templates), { CidrIp: range, IpProtocol: 'tcp', FromPort: 22, ToPort: 22 });
    },
    'unknown',
  ),
  hole('the guests are admitted to the chart by udp, which needs no reply', 'isolation/guest/ehr', (templates) => {
    addIngress(app(templates), { CidrIp: '10.200.0.0/20', IpProtocol: 'udp', FromPort: 443, ToPort: 443 });
  }),
  hole('the store sends the ward whatever it likes', 'isolation/archive/ward', (templates) => {
    Object.assign(wardRule(store(templates), 'Egress'), { IpProtocol: '-1', FromPort: undefined, ToPort: undefined });
  }),
  hole('the store has no egress rule left, which AWS reads as all', 'isolation/archive/ward', (templates) => {
    const { Properties } = store(templates).resource;
    delete Properties.SecurityGroupEgress;
  }),
  hole(
    'the default group of the shared VPC is left as AWS made it',
    'isolation/lab/pharmacy',
    (templates) => {
      const emptied = templates.pick('Custom::VpcRestrictDefaultSG', {}, (hit) => hit.stack === 'mutant-core');
      templates.remove(emptied);
    },
    'violated',
    'as synthesized',
  ),
  hole(
    'the pharmacy lets the laboratory call back',
    'isolation/lab/pharmacy',
    (templates) => {
      const lis = templates.pick(GROUP, { zone: 'lab', asset: 'lis' });
      const server = templates.pick(GROUP, { zone: 'pharmacy', asset: 'server' });
      addIngress(server, { SourceSecurityGroupId: groupId(lis), IpProtocol: '-1' });
      rulesOf(lis, 'Egress').push({ DestinationSecurityGroupId: groupId(server), IpProtocol: '-1' });
    },
    'violated',
    'as synthesized',
  ),
];

function hole(
  name: string,
  claim: string,
  mutate: Hole['mutate'],
  verdict: Hole['verdict'] = 'violated',
  layer: Layer = 'without network ACLs',
): Hole {
  return { name, layer, claim, verdict, mutate };
}

const OPEN_ASSETS: Layer = 'with every asset open';
const TO_HUB: Layer = 'with every asset open and every VPC routing to the hub';
const FROM_HUB: Layer = 'with every asset open and the hub routing to every VPC';

const PRIVATE_PATHS: readonly Hole[] = [
  hole(
    'research makes itself an endpoint to the chart, which asks nobody behind PrivateLink',
    'isolation/research/ehr',
    (templates) => {
      const balancer = templates.pick('AWS::ElasticLoadBalancingV2::LoadBalancer', { zone: 'ehr' });
      balancer.resource.Properties.EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic = 'off';
      const subnet = subnetOf(templates, 'research', 'notebooks');
      const service = templates.pick('AWS::EC2::VPCEndpointService', { zone: 'ehr' });
      const name = ['com.amazonaws.vpce.eu-west-2.', templates.reference(subnet, service)];
      templates.add(subnet, 'Shortcut', 'AWS::EC2::VPCEndpoint', {
        VpcId: subnet.resource.Properties.VpcId,
        VpcEndpointType: 'Interface',
        ServiceName: { 'Fn::Join': ['', name] },
        SubnetIds: [{ Ref: subnet.logicalId }],
        SecurityGroupIds: [groupId(templates.pick(GROUP, { zone: 'research', asset: 'notebooks' }))],
      });
    },
    'violated',
    OPEN_ASSETS,
  ),
  hole(
    'research is peered with the chart, with routes both ways',
    'isolation/research/ehr',
    (templates) => {
      peer(templates, ['mutant-research', 'research', 'notebooks'], ['mutant-ehr', 'ehr', 'database']);
    },
    'violated',
    OPEN_ASSETS,
  ),
  hole(
    'the archive is peered with the shared VPC',
    'isolation/lab/archive',
    (templates) => {
      peer(templates, ['mutant-core', 'lab', 'lis'], ['mutant-archive', 'archive', 'store']);
    },
    'violated',
    OPEN_ASSETS,
  ),
  hole(
    'a VPN that no site declares ends in the chart VPC, which learns its routes',
    'isolation/site:mutant-ehr.VendorVpn/ehr',
    (templates) => {
      const table = tableOf(templates, 'ehr', 'app');
      const { VpcId } = table.resource.Properties;
      templates.add(table, 'VendorGateway', 'AWS::EC2::VPNGateway', { Type: 'ipsec.1' });
      templates.add(table, 'VendorAttached', 'AWS::EC2::VPCGatewayAttachment', {
        VpcId,
        VpnGatewayId: { Ref: 'VendorGateway' },
      });
      templates.add(table, 'VendorVpn', 'AWS::EC2::VPNConnection', {
        Type: 'ipsec.1',
        CustomerGatewayId: 'cgw-0123456789abcdef0',
        VpnGatewayId: { Ref: 'VendorGateway' },
        StaticRoutesOnly: true,
      });
      templates.add(table, 'VendorRoute', 'AWS::EC2::VPNConnectionRoute', {
        VpnConnectionId: { Ref: 'VendorVpn' },
        DestinationCidrBlock: '192.168.40.0/24',
      });
      templates.add(table, 'VendorRoutes', 'AWS::EC2::VPNGatewayRoutePropagation', {
        VpnGatewayId: { Ref: 'VendorGateway' },
        RouteTableIds: [{ Ref: table.logicalId }],
      });
    },
    'violated',
    OPEN_ASSETS,
  ),
  hole(
    'the chart is peered with a VPC that no template shows',
    'isolation/',
    (templates) => {
      const table = tableOf(templates, 'ehr', 'app');
      templates.add(table, 'Vendor', 'AWS::EC2::VPCPeeringConnection', {
        VpcId: table.resource.Properties.VpcId,
        PeerVpcId: 'vpc-0123456789abcdef0',
        PeerOwnerId: '111122223333',
      });
      addRoute(templates, table, '10.250.0.0/16', { VpcPeeringConnectionId: { Ref: 'Vendor' } });
    },
    'violated',
    OPEN_ASSETS,
  ),
  hole(
    'the chart uses an AWS service that its zone does not name',
    'isolation/ehr/aws:dynamodb',
    (templates) => {
      const table = tableOf(templates, 'ehr', 'app');
      templates.add(table, 'Tables', 'AWS::EC2::VPCEndpoint', {
        VpcId: table.resource.Properties.VpcId,
        VpcEndpointType: 'Gateway',
        ServiceName: 'com.amazonaws.eu-west-2.dynamodb',
        RouteTableIds: [{ Ref: table.logicalId }],
      });
    },
    'violated',
    OPEN_ASSETS,
  ),
  hole(
    'the archive gets an interface endpoint to a service it has no use for',
    'isolation/archive/aws:ssm',
    (templates) => {
      const subnet = subnetOf(templates, 'archive', 'store');
      templates.add(subnet, 'Sessions', 'AWS::EC2::VPCEndpoint', {
        VpcId: subnet.resource.Properties.VpcId,
        VpcEndpointType: 'Interface',
        ServiceName: 'com.amazonaws.eu-west-2.ssm',
        SubnetIds: [{ Ref: subnet.logicalId }],
        SecurityGroupIds: [groupId(store(templates))],
        Tags: [{ Key: 'cordon:zone', Value: 'archive' }],
      });
    },
    'violated',
    OPEN_ASSETS,
  ),
];

function addRoute(templates: Templates, table: Hit, destination: string, target: Record<string, unknown>): void {
  templates.add(table, `Added${table.logicalId}${destination.replace(/\W/g, '')}`, ROUTE, {
    RouteTableId: { Ref: table.logicalId },
    DestinationCidrBlock: destination,
    ...target,
  });
}

type PeerEnd = readonly [stack: string, zone: string, asset: string];

function peer(templates: Templates, [, fromZone, fromAsset]: PeerEnd, [, toZone, toAsset]: PeerEnd): void {
  const [from, to] = [tableOf(templates, fromZone, fromAsset), tableOf(templates, toZone, toAsset)];
  const vpcOf = (table: Hit) => {
    const stack = table.stack === 'mutant-lab' ? 'mutant-core' : table.stack;
    return templates.pick('AWS::EC2::VPC', {}, (hit) => hit.stack === stack);
  };
  const connection = templates.add(from, 'Joined', 'AWS::EC2::VPCPeeringConnection', {
    VpcId: templates.reference(from, vpcOf(from)),
    PeerVpcId: templates.reference(from, vpcOf(to)),
  });
  const rangeOf = (table: Hit) => String(vpcOf(table).resource.Properties.CidrBlock);
  addRoute(templates, from, rangeOf(to), { VpcPeeringConnectionId: { Ref: connection.logicalId } });
  addRoute(templates, to, rangeOf(from), { VpcPeeringConnectionId: templates.reference(to, connection) });
}

const INTERNET: readonly Hole[] = [
  hole(
    'the public subnets give everyone a public address',
    'isolation/internet/portal',
    (templates) => {
      templates.pick(SUBNET, { zone: 'portal', role: 'public' }).resource.Properties.MapPublicIpOnLaunch = true;
    },
    'violated',
    OPEN_ASSETS,
  ),
  hole(
    'a host with a public address stands in the public subnet',
    'isolation/internet/portal',
    (templates) => {
      const subnet = templates.pick(SUBNET, { zone: 'portal', role: 'public' });
      const group = templates.pick(GROUP, { zone: 'portal', asset: 'web' });
      addInstance(templates, subnet, {
        NetworkInterfaces: [
          {
            DeviceIndex: '0',
            AssociatePublicIpAddress: true,
            SubnetId: { Ref: subnet.logicalId },
            GroupSet: [groupId(group)],
          },
        ],
      });
    },
    'violated',
    OPEN_ASSETS,
  ),
  hole(
    'the public balancer listens on one more port',
    'isolation/internet/portal',
    (templates) => {
      const type = 'AWS::ElasticLoadBalancingV2::Listener';
      const listener = templates.pick(type, {}, (hit) => hit.stack === 'mutant-portal');
      templates.add(listener, 'Second', type, { ...listener.resource.Properties, Port: 8080 });
      const everyone = { CidrIp: '0.0.0.0/0', IpProtocol: 'tcp', FromPort: 8080, ToPort: 8080 };
      addIngress(templates.pick(GROUP, { zone: 'portal', role: 'public' }), everyone);
    },
    'violated',
    OPEN_ASSETS,
  ),
  hole(
    'the portal goes out to the internet through a NAT gateway',
    'isolation/portal/internet',
    (templates) => {
      const subnet = templates.pick(SUBNET, { zone: 'portal', role: 'public' });
      templates.add(subnet, 'Address', 'AWS::EC2::EIP', { Domain: 'vpc' });
      templates.add(subnet, 'Nat', 'AWS::EC2::NatGateway', {
        SubnetId: { Ref: subnet.logicalId },
        AllocationId: { 'Fn::GetAtt': ['Address', 'AllocationId'] },
        Tags: [{ Key: 'cordon:zone', Value: 'portal' }],
      });
      addRoute(templates, tableOf(templates, 'portal', 'web'), '0.0.0.0/0', { NatGatewayId: { Ref: 'Nat' } });
      rulesOf(templates.pick(GROUP, { zone: 'portal', asset: 'web' }), 'Egress').push({
        CidrIp: '0.0.0.0/0',
        IpProtocol: '-1',
      });
    },
    'violated',
    'without network ACLs',
  ),
  hole(
    'the chart gets an internet gateway and public addresses',
    'isolation/internet/ehr',
    (templates) => {
      const table = tableOf(templates, 'ehr', 'app');
      templates.add(table, 'Gateway', 'AWS::EC2::InternetGateway', {});
      templates.add(table, 'Attached', 'AWS::EC2::VPCGatewayAttachment', {
        VpcId: table.resource.Properties.VpcId,
        InternetGatewayId: { Ref: 'Gateway' },
      });
      addRoute(templates, table, '0.0.0.0/0', { GatewayId: { Ref: 'Gateway' } });
      subnetOf(templates, 'ehr', 'app').resource.Properties.MapPublicIpOnLaunch = true;
    },
    'violated',
    OPEN_ASSETS,
  ),
  hole(
    'the default route of the chart leads to something nobody models',
    'isolation/',
    (templates) => {
      const core = { CoreNetworkArn: 'arn:aws:networkmanager::111122223333:core-network/core-network-0a' };
      addRoute(templates, tableOf(templates, 'ehr', 'app'), '0.0.0.0/0', core);
    },
    'violated',
    OPEN_ASSETS,
  ),
];

const HUB: readonly Hole[] = [
  hole(
    'the archive propagates into the table of the shared VPC',
    'isolation/lab/archive',
    (templates) => {
      propagate(templates, attachmentOf(templates, 'mutant-archive'), hubTableOf(templates, 'mutant-core'));
    },
    'violated',
    TO_HUB,
  ),
  hole(
    'a static route of the hub leads from the shared VPC to the archive',
    'isolation/pharmacy/archive',
    (templates) => {
      addHubRoute(templates, 'mutant-core', '10.71.0.0/16', 'mutant-archive');
    },
    'violated',
    TO_HUB,
  ),
  hole(
    'a blackhole of the shared VPC becomes a route to the chart',
    'isolation/lab/ehr',
    (templates) => {
      const table = hubTableOf(templates, 'mutant-core');
      const blackhole = templates.pick('AWS::EC2::TransitGatewayRoute', {}, (hit) => {
        return hit.stack === table.stack && hit.resource.Properties.DestinationCidrBlock === '10.0.0.0/8';
      });
      const { Properties } = blackhole.resource;
      delete Properties.Blackhole;
      Properties.TransitGatewayAttachmentId = templates.reference(blackhole, attachmentOf(templates, 'mutant-ehr'));
    },
    'violated',
    TO_HUB,
  ),
  hole(
    'the shared VPC is looked up in the table of the site',
    'isolation/lab/archive',
    (templates) => {
      const type = 'AWS::EC2::TransitGatewayRouteTableAssociation';
      const association = templates.pick(type, {}, (hit) => hit.stack === 'mutant-core');
      const table = templates.reference(association, hubTableOf(templates, 'mutant-hub'));
      association.resource.Properties.TransitGatewayRouteTableId = table;
    },
    'violated',
    TO_HUB,
  ),
  hole(
    'the site may reach the whole block of the shared VPC',
    'isolation/ward/pharmacy',
    (templates) => {
      const { CidrBlock } = templates.pick('AWS::EC2::VPC', {}, (hit) => hit.stack === 'mutant-core').resource
        .Properties;
      addHubRoute(templates, 'mutant-hub', String(CidrBlock), 'mutant-core');
    },
    'violated',
    TO_HUB,
  ),
  hole(
    'research joins the hub, in the table of the archive',
    'isolation/research/ward',
    (templates) => {
      const subnet = subnetOf(templates, 'research', 'notebooks');
      const [gateway] = templates.all('AWS::EC2::TransitGateway');
      if (!gateway) throw new Error('the estate has no transit gateway');
      const attachment = templates.add(subnet, 'Joins', ATTACHMENT, {
        TransitGatewayId: templates.reference(subnet, gateway),
        VpcId: subnet.resource.Properties.VpcId,
        SubnetIds: [{ Ref: subnet.logicalId }],
      });
      templates.add(subnet, 'Uses', 'AWS::EC2::TransitGatewayRouteTableAssociation', {
        TransitGatewayAttachmentId: { Ref: attachment.logicalId },
        TransitGatewayRouteTableId: templates.reference(subnet, hubTableOf(templates, 'mutant-archive')),
      });
      addRoute(templates, tableOf(templates, 'research', 'notebooks'), '0.0.0.0/0', {
        TransitGatewayId: templates.reference(subnet, gateway),
      });
    },
    'violated',
    TO_HUB,
  ),
  hole(
    'the ward route of the laboratory is widened to ten-slash-eight',
    'isolation/lab/archive',
    (templates) => {
      const route = templates.pick(ROUTE, {}, (hit) => hit.stack === 'mutant-lab');
      route.resource.Properties.DestinationCidrBlock = '10.0.0.0/8';
    },
    'violated',
    FROM_HUB,
  ),
  hole(
    'the laboratory routes to the archive by a prefix list',
    'isolation/lab/archive',
    (templates) => {
      const route = templates.pick(ROUTE, {}, (hit) => hit.stack === 'mutant-lab');
      templates.add(route, 'Archives', 'AWS::EC2::PrefixList', {
        PrefixListName: 'archives',
        AddressFamily: 'IPv4',
        MaxEntries: 1,
        Entries: [{ Cidr: '10.71.0.0/16' }],
      });
      const { DestinationCidrBlock: _, ...properties } = route.resource.Properties;
      templates.add(route, 'ToArchives', ROUTE, { ...properties, DestinationPrefixListId: { Ref: 'Archives' } });
    },
    'violated',
    FROM_HUB,
  ),
  hole(
    'the pharmacy gets the route that only the laboratory had',
    'isolation/pharmacy/ward',
    (templates) => {
      const route = templates.pick(ROUTE, {}, (hit) => hit.stack === 'mutant-lab');
      const table = tableOf(templates, 'pharmacy', 'server');
      const gateway = templates.pick('AWS::EC2::TransitGateway', {});
      addRoute(templates, table, String(route.resource.Properties.DestinationCidrBlock), {
        TransitGatewayId: templates.reference(table, gateway),
      });
    },
    'violated',
    FROM_HUB,
  ),
  hole(
    'the pharmacy subnet uses the route table of the laboratory',
    'isolation/pharmacy/ward',
    (templates) => {
      const [subnet, table] = [subnetOf(templates, 'pharmacy', 'server'), tableOf(templates, 'lab', 'lis')];
      const type = 'AWS::EC2::SubnetRouteTableAssociation';
      const association = templates.pick(type, {}, ({ resource }) => refersTo(resource.Properties.SubnetId, subnet));
      association.resource.Properties.RouteTableId = templates.reference(association, table);
    },
    'violated',
    FROM_HUB,
  ),
];

function addHubRoute(templates: Templates, table: string, destination: string, attachment: string): void {
  const beside = attachmentOf(templates, attachment);
  templates.add(beside, 'HubShortcut', 'AWS::EC2::TransitGatewayRoute', {
    TransitGatewayRouteTableId: templates.reference(beside, hubTableOf(templates, table)),
    DestinationCidrBlock: destination,
    TransitGatewayAttachmentId: { Ref: beside.logicalId },
  });
}

const NOT_UNDERSTOOD: readonly Hole[] = [
  hole(
    'something of a type that nobody models stands in the chart',
    'isolation/',
    (templates) => {
      const subnet = subnetOf(templates, 'ehr', 'database');
      templates.add(subnet, 'Appliance', 'Custom::Appliance', {
        ServiceToken: 'arn:aws:lambda:eu-west-2:111122223333:function:appliance',
        SubnetId: { Ref: subnet.logicalId },
        SecurityGroupIds: [groupId(templates.pick(GROUP, { zone: 'ehr', asset: 'database' }))],
      });
    },
    'unknown',
    'as synthesized',
  ),
  hole(
    'a file system gateway of AWS stands in the archive',
    'isolation/',
    (templates) => {
      const subnet = subnetOf(templates, 'archive', 'store');
      templates.add(subnet, 'Mover', 'AWS::DataSync::Agent', {
        SubnetArns: [arn('subnet', { Ref: subnet.logicalId })],
        SecurityGroupArns: [arn('security-group', groupId(store(templates)))],
        VpcEndpointId: 'vpce-0123456789abcdef0',
      });
    },
    'unknown',
    'as synthesized',
  ),
  hole(
    'a nested stack comes from elsewhere',
    '',
    (templates) => {
      templates.add(subnetOf(templates, 'ehr', 'app'), 'Elsewhere', 'AWS::CloudFormation::Stack', {
        TemplateURL: 'https://example.com/network.json',
      });
    },
    'unknown',
    'as synthesized',
  ),
  hole(
    'a VPC Lattice network reaches into the chart',
    '',
    (templates) => {
      const subnet = subnetOf(templates, 'ehr', 'app');
      templates.add(subnet, 'Mesh', 'AWS::VpcLattice::ServiceNetworkVpcAssociation', {
        ServiceNetworkIdentifier: 'sn-0123456789abcdef0',
        VpcIdentifier: subnet.resource.Properties.VpcId,
      });
    },
    'unknown',
    'as synthesized',
  ),
  hole(
    'a Client VPN ends in the chart',
    '',
    (templates) => {
      const subnet = subnetOf(templates, 'ehr', 'app');
      templates.add(subnet, 'Association', 'AWS::EC2::ClientVpnTargetNetworkAssociation', {
        ClientVpnEndpointId: 'cvpn-endpoint-0123456789abcdef0',
        SubnetId: { Ref: subnet.logicalId },
      });
    },
    'unknown',
    'as synthesized',
  ),
  hole(
    'the chart VPC is attached to a hub of another team',
    '',
    (templates) => {
      const subnet = subnetOf(templates, 'ehr', 'app');
      templates.add(subnet, 'OtherHub', ATTACHMENT, {
        TransitGatewayId: 'tgw-0123456789abcdef0',
        VpcId: subnet.resource.Properties.VpcId,
        SubnetIds: [{ Ref: subnet.logicalId }],
      });
      addRoute(templates, tableOf(templates, 'ehr', 'app'), '10.250.0.0/16', {
        TransitGatewayId: 'tgw-0123456789abcdef0',
      });
    },
    'unknown',
    OPEN_ASSETS,
  ),
];

export const HOLES: readonly Hole[] = [...BINDING, ...GROUPS, ...PRIVATE_PATHS, ...INTERNET, ...HUB, ...NOT_UNDERSTOOD];
