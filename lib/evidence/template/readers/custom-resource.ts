/**
 * Custom resources. CDK's well-known ones are recognised for what they do; any other may do anything (fact 42).
 */
import type { ResourceId } from '../../network';
import { TextWithReferences } from '../resource';
import { handingOn } from './event-doors';
import { at, isAbsent, type Property, plainText } from './property';
import type { Reader, Readers, Reading } from './reading';
import { touchedBy } from './unmodelled';

/** CDK's `restrictDefaultSecurityGroup`: takes both default rules out of the VPC's default group. */
const restrictDefaultGroup: Reader = {
  model: 'exact',
  attach(resource, reading) {
    const property = at(resource.properties, 'DefaultSecurityGroupId');
    for (const item of reading.changed('securityGroups', property, resource, 'DefaultSecurityGroupId')) {
      const group = reading.obtain('securityGroups', item.value);
      if (!group.isDefault) continue;
      // where it is not certain that this group is emptied, its default rules are there perhaps
      const isEmptied = resource.certain && item.certain;
      const keep = <T extends { origin: { resource: ResourceId }; certain: boolean }>(rules: T[]): T[] =>
        rules
          .filter((rule) => !isEmptied || rule.origin.resource !== group.origin.resource)
          .map((rule) => (rule.origin.resource === group.origin.resource ? { ...rule, certain: false } : rule));
      group.ingress = keep(group.ingress);
      group.egress = keep(group.egress);
    }
  },
};

/** A standalone egress rule on a default group may have removed its default, as it does for other groups (fact 2). */
export function settleDefaultSecurityGroups(reading: Reading): void {
  for (const group of reading.drafts.securityGroups.values()) {
    if (!group.isDefault || group.egress.every((rule) => rule.origin.resource === group.origin.resource)) continue;
    group.egress = group.egress.map((rule) =>
      rule.origin.resource === group.origin.resource ? { ...rule, certain: false } : rule,
    );
  }
}

const harmless = (noEffect: string): Reader => ({ model: 'exact', noEffect });

/** An AWS SDK call. Reading calls change nothing; any other is judged by what it is given. */
const sdkCall: Reader = {
  model: 'may-must',
  connect(resource, reading) {
    const calls = ['Create', 'Update'].map((name) => at(resource.properties, name));
    if (calls.every((call) => isAbsent(call) || isReadingCall(call))) return;
    const reason = 'an AWS SDK call may change what it is given';
    reading.unmodelled(resource, reason, touchedBy(resource, reading), '', 'touched');
  },
};

const READING = /"?action"?\s*[:=]\s*"(?:describe|get|list|lookup|head|batchget)/i;

function isReadingCall(call: Property): boolean {
  const action = plainText(at(call, 'action'));
  if (action !== undefined && typeof call === 'object')
    return /^(describe|get|list|lookup|head|batchget)/i.test(action);
  const text =
    call instanceof TextWithReferences
      ? call.parts.map((part) => (typeof part === 'string' ? part : '')).join('')
      : (plainText(call) ?? '');
  return READING.test(text);
}

/** Anyone's code, with anyone's permissions. */
export const otherCustomResource: Reader = {
  model: 'unknown',
  connect(resource, reading) {
    const reason = `\`${resource.type}\` is a custom resource: what its code does is not known`;
    reading.unmodelled(resource, reason, touchedBy(resource, reading), '', 'touched');
  },
};

export const customResourceReaders: Readers = {
  'Custom::VpcRestrictDefaultSG': restrictDefaultGroup,
  'Custom::AWS': sdkCall,
  'Custom::LogRetention': harmless('it sets how long a log group keeps its entries'),
  'Custom::S3AutoDeleteObjects': harmless('it empties a bucket before the bucket is deleted'),
  'Custom::ECRAutoDeleteImages': harmless('it empties a repository before the repository is deleted'),
  'Custom::CDKBucketDeployment': harmless('it copies files into a bucket'),
  'Custom::S3BucketNotifications': handingOn(harmless('it sets what a bucket tells about its objects')),
  'Custom::CrossRegionExportReader': harmless('it passes values between the stacks of an app'),
  'Custom::CrossRegionExportWriter': harmless('it passes values between the stacks of an app'),
  'Custom::CrossRegionStringParameterReader': harmless('it reads a parameter of another region'),
  'Custom::CrossAccountZoneDelegation': harmless('it writes a record that delegates a DNS zone'),
  'Custom::DescribeCognitoUserPoolClient': harmless('it reads the settings of a user pool client'),
  'Custom::DynamoDBReplica': harmless('it makes a copy of a table, which is reached through the API'),
  'Custom::AWSCDKOpenIdConnectProvider': harmless('it makes an identity provider'),
  'Custom::SESDropSpam': harmless('it drops mail'),
};
