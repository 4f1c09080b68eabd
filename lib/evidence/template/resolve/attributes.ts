/**
 * Attributes that the template decides: properties by the same or another name, and the port of a data store, which is what
 * the template says or what the engine takes where it says nothing. CDK and people write rules by them.
 *
 * Defaults: "Port" of https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html,
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-redshift-cluster.html,
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html and those of
 * Neptune and DocumentDB. For Aurora PostgreSQL AWS's own pages differ, so that its default is not known.
 */
import { isRecord } from '../parse';
import type { Evaluated } from './evaluation';

/** Attributes that are a property, as far as the template writes it. */
const PROPERTIES: ReadonlyMap<unknown, Readonly<Record<string, string>>> = new Map<
  unknown,
  Readonly<Record<string, string>>
>([
  ['AWS::EC2::VPC', { CidrBlock: 'CidrBlock' }],
  ['AWS::EC2::Subnet', { CidrBlock: 'CidrBlock', AvailabilityZone: 'AvailabilityZone', VpcId: 'VpcId' }],
  ['AWS::EC2::SecurityGroup', { VpcId: 'VpcId' }],
  ['AWS::EC2::NetworkInterface', { PrimaryPrivateIpAddress: 'PrivateIpAddress' }],
  ['AWS::SSM::Parameter', { Type: 'Type', Value: 'Value' }],
]);

interface Store {
  readonly attributes: RegExp;
  readonly property: string;
  readonly byDefault: number | ((engine: string) => number | undefined);
  /** with one of these the port is that of something else */
  readonly elsewhere?: readonly string[];
}

const ENGINES: readonly (readonly [RegExp, number])[] = [
  [/^(aurora|aurora-mysql|mysql|mariadb)$/, 3306],
  [/^postgres$/, 5432],
  [/^(custom-)?oracle-/, 1521],
  [/^(custom-)?sqlserver-/, 1433],
  [/^db2-/, 50000],
];
const CACHES: readonly (readonly [RegExp, number])[] = [
  [/^(|redis|valkey)$/, 6379],
  [/^memcached$/, 11211],
];

const among = (engines: readonly (readonly [RegExp, number])[]) => (engine: string) =>
  engines.find(([pattern]) => pattern.test(engine))?.[1];

const COPIES = [
  'DBSnapshotIdentifier',
  'SnapshotIdentifier',
  'SourceDBInstanceIdentifier',
  'SourceDBClusterIdentifier',
];
const CACHE: Store = {
  attributes: /^(Primary|Reader|Redis|Configuration)?End[pP]oint\.Port$/,
  property: 'Port',
  byDefault: among(CACHES),
};

const STORES: ReadonlyMap<unknown, Store> = new Map<unknown, Store>([
  [
    'AWS::RDS::DBInstance',
    {
      attributes: /^Endpoint\.Port$/,
      property: 'Port',
      byDefault: among(ENGINES),
      elsewhere: [...COPIES, 'DBClusterIdentifier'],
    },
  ],
  [
    'AWS::RDS::DBCluster',
    { attributes: /^(Endpoint|ReadEndpoint)\.Port$/, property: 'Port', byDefault: among(ENGINES), elsewhere: COPIES },
  ],
  ['AWS::Redshift::Cluster', { attributes: /^Endpoint\.Port$/, property: 'Port', byDefault: 5439 }],
  ['AWS::Neptune::DBCluster', { attributes: /^Port$/, property: 'DBPort', byDefault: 8182, elsewhere: COPIES }],
  ['AWS::DocDB::DBCluster', { attributes: /^Port$/, property: 'Port', byDefault: 27017, elsewhere: COPIES }],
  ['AWS::ElastiCache::ReplicationGroup', CACHE],
  ['AWS::ElastiCache::CacheCluster', CACHE],
]);

type PropertyOf = (name: string) => Evaluated;

/** How an attribute is read from the properties of its resource; undefined where the template never decides it. */
export function attributeReader(type: unknown, attribute: string): ((propertyOf: PropertyOf) => Evaluated) | undefined {
  const properties = PROPERTIES.get(type);
  const property = properties && Object.hasOwn(properties, attribute) ? properties[attribute] : undefined;
  if (property !== undefined) return (propertyOf) => propertyOf(property);
  if (type === 'AWS::EC2::Instance' && attribute === 'PrivateIp') return privateAddress;
  const store = STORES.get(type);
  return store?.attributes.test(attribute) ? (propertyOf) => portOf(store, propertyOf) : undefined;
}

/** An instance's own address, or that of its first interface. */
function privateAddress(propertyOf: PropertyOf): Evaluated {
  const interfaces = propertyOf('NetworkInterfaces');
  const first = Array.isArray(interfaces)
    ? interfaces.find((each) => isRecord(each) && Number(each.DeviceIndex) === 0)
    : undefined;
  return propertyOf('PrivateIpAddress') ?? (isRecord(first) ? (first.PrivateIpAddress as Evaluated) : undefined);
}

/** undefined: none that is known. */
function portOf(store: Store, propertyOf: PropertyOf): Evaluated {
  const isNamed = (name: string) => (propertyOf(name) ?? null) !== null;
  const written = propertyOf(store.property);
  if ((written ?? null) !== null) return written;
  if (store.elsewhere?.some(isNamed)) return undefined;
  if (typeof store.byDefault === 'number') return String(store.byDefault);
  const engine = propertyOf('Engine') ?? '';
  const port = typeof engine === 'string' ? store.byDefault(engine.toLowerCase()) : undefined;
  return port === undefined ? undefined : String(port);
}
