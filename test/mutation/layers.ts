/**
 * The estate with some of its defences taken away. Cordon builds in depth: one wrong rule opens nothing while the ACL,
 * the route table or the hub still holds. To show that each layer is verified and not only the sum of them, a mutation
 * is made in a layer where nothing else would stop the packet, and for a claim that is proved there before it is made.
 */
import { type Hit, type Templates, tagOf } from './templates';

export type Layer =
  | 'as synthesized'
  | 'without network ACLs'
  | 'with every asset open'
  | 'with every asset open and every VPC routing to the hub'
  | 'with every asset open and the hub routing to every VPC';

export const LAYERS: Readonly<Record<Layer, (templates: Templates) => void>> = {
  'as synthesized': () => undefined,
  'without network ACLs': removeAcls,
  'with every asset open': removeFilters,
  'with every asset open and every VPC routing to the hub': (templates) => {
    removeFilters(templates);
    for (const table of templates.all('AWS::EC2::RouteTable')) routeToHub(templates, table);
  },
  'with every asset open and the hub routing to every VPC': (templates) => {
    removeFilters(templates);
    propagateEverywhere(templates);
  },
};

const ANYWHERE = [{ CidrIp: '0.0.0.0/0', IpProtocol: '-1' }];

/** Subnets without an association have the default ACL, which lets everything pass. */
function removeAcls(templates: Templates): void {
  for (const association of templates.all('AWS::EC2::SubnetNetworkAclAssociation')) templates.remove(association);
}

/** Of endpoints and balancers the groups stay: they guard one way each, and these layers are about routes. */
function removeFilters(templates: Templates): void {
  removeAcls(templates);
  for (const { resource } of templates.all('AWS::EC2::SecurityGroup', { role: 'asset' })) {
    Object.assign(resource.Properties, { SecurityGroupIngress: ANYWHERE, SecurityGroupEgress: ANYWHERE });
  }
}

function routeToHub(templates: Templates, table: Hit): void {
  const vpc = tagOf(table, 'vpc');
  const attached = templates.all('AWS::EC2::TransitGatewayAttachment').map((attachment) => tagOf(attachment, 'vpc'));
  if (!attached.includes(vpc)) return;
  templates.add(table, `${table.logicalId}ToHub`, 'AWS::EC2::Route', {
    RouteTableId: { Ref: table.logicalId },
    DestinationCidrBlock: '0.0.0.0/0',
    TransitGatewayId: templates.reference(table, templates.pick('AWS::EC2::TransitGateway', {})),
  });
}

/** As default propagation would: each VPC's ranges in each table of the hub. */
function propagateEverywhere(templates: Templates): void {
  for (const attachment of templates.all('AWS::EC2::TransitGatewayAttachment')) {
    for (const table of templates.all('AWS::EC2::TransitGatewayRouteTable')) {
      propagate(templates, attachment, table);
    }
  }
}

export function propagate(templates: Templates, attachment: Hit, table: Hit): void {
  const id = `Propagates${table.stack}${table.logicalId}`.replace(/[^A-Za-z0-9]/g, '');
  templates.add(attachment, id, 'AWS::EC2::TransitGatewayRouteTablePropagation', {
    TransitGatewayAttachmentId: { Ref: attachment.logicalId },
    TransitGatewayRouteTableId: templates.reference(attachment, table),
  });
}
