/**
 * The transit gateway, and the routes that lead to it.
 */
import { propagate } from '../layers';
import { refersTo } from '../templates';
import { FROM_HUB, type Hole, hole, OPEN_ASSETS, TO_HUB } from './hole';
import { ATTACHMENT, addHubRoute, addRoute, attachmentOf, hubTableOf, ROUTE, subnetOf, tableOf } from './words';

export const HUB: readonly Hole[] = [
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
      const table = templates.reference(association, hubTableOf(templates, 'mutant-main-site'));
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
      addHubRoute(templates, 'mutant-main-site', String(CidrBlock), 'mutant-core');
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
  hole(
    'a hub of another region is peered, and looked up in the table of the site',
    'isolation/external:',
    (templates) => {
      const hub = templates.pick('AWS::EC2::TransitGateway', {});
      templates.add(hub, 'OtherRegion', 'AWS::EC2::TransitGatewayPeeringAttachment', {
        TransitGatewayId: { Ref: hub.logicalId },
        PeerTransitGatewayId: 'tgw-0123456789abcdef0',
        PeerAccountId: '111122223333',
        PeerRegion: 'eu-west-1',
      });
      templates.add(hub, 'OtherRegionLooksUp', 'AWS::EC2::TransitGatewayRouteTableAssociation', {
        TransitGatewayAttachmentId: { Ref: 'OtherRegion' },
        TransitGatewayRouteTableId: templates.reference(hub, hubTableOf(templates, 'mutant-main-site')),
      });
    },
    'violated',
    OPEN_ASSETS,
  ),
];
