/**
 * The words in which the holes speak of the estate: its groups, subnets and tables by zone and asset, and what is done to
 * them.
 */
import type { Hit, Templates } from '../templates';

export const GROUP = 'AWS::EC2::SecurityGroup';
export const SUBNET = 'AWS::EC2::Subnet';
export const TABLE = 'AWS::EC2::RouteTable';
export const ROUTE = 'AWS::EC2::Route';
export const HUB_TABLE = 'AWS::EC2::TransitGatewayRouteTable';
export const ATTACHMENT = 'AWS::EC2::TransitGatewayAttachment';
export const WARD = '10.130.0.0/20';

export type Properties = Record<string, unknown>;
export type Rule = Record<string, unknown>;

export const store = (templates: Templates) => templates.pick(GROUP, { zone: 'archive', asset: 'store' });
export const app = (templates: Templates) => templates.pick(GROUP, { zone: 'ehr', asset: 'app' });
export const subnetOf = (templates: Templates, zone: string, asset: string) => templates.pick(SUBNET, { zone, asset });
export const tableOf = (templates: Templates, zone: string, asset: string) => templates.pick(TABLE, { zone, asset });
export const hubTableOf = (templates: Templates, stack: string) => {
  return templates.pick(HUB_TABLE, {}, (hit) => hit.stack === stack);
};
export const attachmentOf = (templates: Templates, stack: string) => {
  return templates.pick(ATTACHMENT, {}, (hit) => hit.stack === stack);
};

export function rulesOf(group: Hit, direction: 'Ingress' | 'Egress'): Rule[] {
  const property = `SecurityGroup${direction}`;
  const rules = group.resource.Properties[property];
  if (!Array.isArray(rules)) throw new Error(`${group.logicalId} has no inline ${direction}`);
  return rules as Rule[];
}

export function addIngress(group: Hit, ...rules: Rule[]): void {
  rulesOf(group, 'Ingress').push(...rules);
}

export function wardRule(group: Hit, direction: 'Ingress' | 'Egress'): Rule {
  const rule = rulesOf(group, direction).find(({ CidrIp }) => CidrIp === WARD);
  if (!rule) throw new Error(`${group.logicalId} has no ${direction} rule for the ward`);
  return rule;
}

export function setTag(hit: Hit, key: string, value: string | undefined): void {
  const tags = (hit.resource.Properties.Tags as { Key: string; Value: string }[]).filter((tag) => tag.Key !== key);
  hit.resource.Properties.Tags = value === undefined ? tags : [...tags, { Key: key, Value: value }];
}

export const groupId = ({ logicalId }: Hit) => ({ 'Fn::GetAtt': [logicalId, 'GroupId'] });

export const arn = (kind: string, id: unknown) => ({
  'Fn::Join': ['/', [`arn:aws:ec2:eu-west-2:111122223333:${kind}`, id]],
});

export function addInstance(templates: Templates, beside: Hit, properties: Record<string, unknown>): void {
  templates.add(beside, 'Stray', 'AWS::EC2::Instance', { ImageId: 'ami-0123456789abcdef0', ...properties });
}

// ------------------------------------------------------------------------------------------------------------ holes

export function addRoute(templates: Templates, table: Hit, destination: string, target: Record<string, unknown>): void {
  templates.add(table, `Added${table.logicalId}${destination.replace(/\W/g, '')}`, ROUTE, {
    RouteTableId: { Ref: table.logicalId },
    DestinationCidrBlock: destination,
    ...target,
  });
}

export function addHubRoute(templates: Templates, table: string, destination: string, attachment: string): void {
  const beside = attachmentOf(templates, attachment);
  templates.add(beside, 'HubShortcut', 'AWS::EC2::TransitGatewayRoute', {
    TransitGatewayRouteTableId: templates.reference(beside, hubTableOf(templates, table)),
    DestinationCidrBlock: destination,
    TransitGatewayAttachmentId: { Ref: beside.logicalId },
  });
}
