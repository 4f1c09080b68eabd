/**
 * Access points: other names for a bucket, with policies of their own, which count where the bucket's leaves it to them.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html
 */
import type { ResourceId } from '../../network';
import type { Resource } from '../resource';
import { holdersIn } from './data-holders';
import { blocked } from './data-store';
import { policyOf } from './policy';
import { at, isAbsent, itemsOf, type Property, referencesIn } from './property';
import type { Reader, Readers, Reading } from './reading';
import { strangerLetBy } from './stranger-grants';

/** Notes it with its buckets, where its policy lets everyone read and nothing refuses to. */
function noteOpen(
  point: Resource,
  buckets: readonly ResourceId[],
  policies: readonly Property[],
  reading: Reading,
): void {
  const { id, properties, account } = point;
  const isOpen = policies.some((property) => {
    const policy = policyOf(property);
    return policy !== undefined && strangerLetBy(policy, ['s3:getobject'], account) !== undefined;
  });
  if (!isOpen || blocked(properties, 'RestrictPublicBuckets') === true) return;
  for (const bucket of buckets) {
    const store = reading.get('dataStores', bucket);
    if (store) store.openPoints = [...(store.openPoints ?? []), id];
  }
}

/** One that is of a VPC is called from nowhere else. */
const accessPoint: Reader = {
  model: 'may-must',
  attach(resource, reading) {
    const { properties } = resource;
    if (!isAbsent(at(properties, 'VpcConfiguration'))) return;
    const buckets = holdersIn(at(properties, 'Bucket'), reading);
    noteOpen(resource, buckets, [at(properties, 'Policy')], reading);
  },
};

const multiRegionPoint: Reader = {
  model: 'may-must',
  attach(resource, reading) {
    const regions = itemsOf(at(resource.properties, 'Regions'));
    const buckets = regions.flatMap(({ value }) => holdersIn(at(value, 'Bucket'), reading));
    const own = reading.ofType('AWS::S3::MultiRegionAccessPointPolicy').filter(({ properties }) => {
      const named = at(properties, 'MrapName');
      const isReferred = referencesIn(named).some(({ reference }) => reference.resource === resource.id);
      return isReferred || (named !== undefined && named === at(resource.properties, 'Name'));
    });
    const policies = own.map(({ properties }) => at(properties, 'Policy'));
    noteOpen(resource, buckets, policies, reading);
  },
};

export const accessPointReaders: Readers = {
  'AWS::S3::AccessPoint': accessPoint,
  'AWS::S3::MultiRegionAccessPoint': multiRegionPoint,
};
