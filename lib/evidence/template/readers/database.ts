/**
 * Databases and search (fact 39): where they stand, by subnet group or subnet, and whether they have a public address.
 */
import { isUnknown, type ResourceId, unknown, type Value } from '../../network';
import type { Resource } from '../resource';
import { madeFromAnother, memberOfRegions, memberOfWorld } from './copies';
import { declareDomain } from './data-store';
import { transferring } from './data-transfers';
import { addInterface } from './interface';
import { partOf } from './part-of-host';
import { exposureOf, placedGroups, placedSubnets } from './place';
import {
  alternatives,
  at,
  flagOf,
  type Item,
  isAbsent,
  itemsOf,
  onlyReferenceIn,
  type Property,
  plainText,
  referencesIn,
  textOf,
} from './property';
import { knownOf, type Reader, type Readers, type Reading, unique } from './reading';
import { workload } from './workload';

const CLUSTERS = ['AWS::RDS::DBCluster', 'AWS::Neptune::DBCluster'];

/** The cluster that an instance belongs to, where a template shows it. */
function clusterOf(resource: Resource, reading: Reading): Resource | undefined {
  return clusterNamed(at(resource.properties, 'DBClusterIdentifier'), reading);
}

/** What it belongs to, or copies, decides where it stands unless it says so itself. */
const WHOLES = ['DBClusterIdentifier', 'SourceDBInstanceIdentifier', 'SourceDBClusterIdentifier'] as const;

/**
 * Where the cluster of an instance stands, or the source of a replica, and what filters it; of one that no template shows
 * nobody knows. A replica without groups takes its source's or its VPC's default one: AWS documents both
 * (https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstanceReadReplica.html).
 */
function inherited(
  kind: 'subnets' | 'securityGroups',
  resource: Resource,
  reading: Reading,
  passed: readonly Resource[] = [],
): Item<ResourceId>[] {
  const name = WHOLES.find((one) => !isAbsent(at(resource.properties, one)));
  if (name === undefined) return [];
  const isSure = name === 'DBClusterIdentifier' || kind === 'subnets';
  return alternatives(at(resource.properties, name)).flatMap(({ value, certain, because }) => {
    if (isAbsent(value)) return [];
    const whole = clusterNamed(value, reading) ?? databaseReferred(value, reading);
    if (!whole || whole === resource || passed.includes(whole))
      return reading.referencesOf(kind, itemsOf(value, certain, because), resource, name);
    const own = kind === 'subnets' ? placedSubnets(whole, reading) : placedGroups(whole, reading);
    const found = own.length > 0 ? own : inherited(kind, whole, reading, [...passed, resource]);
    return found.map((item) => ({ ...item, certain: item.certain && certain && isSure, ...(because && { because }) }));
  });
}

function databaseReferred(property: Property, reading: Reading): Resource | undefined {
  const reference = onlyReferenceIn(property);
  const database = reference && reading.resource(reference.reference.resource);
  return database?.type === 'AWS::RDS::DBInstance' ? database : undefined;
}

function clusterNamed(property: Property, reading: Reading): Resource | undefined {
  const reference = onlyReferenceIn(property);
  const cluster = reference && reading.resource(reference.reference.resource);
  if (cluster && CLUSTERS.includes(cluster.type)) return cluster;
  const name = plainText(property);
  return name === undefined ? undefined : reading.cached('clusters by name', clustersByName).get(name.toLowerCase());
}

function clustersByName(reading: Reading): ReadonlyMap<string, Resource> {
  const clusters = CLUSTERS.flatMap((type) => reading.ofType(type));
  return new Map(
    clusters.flatMap((cluster) => {
      const name = plainText(cluster.properties.DBClusterIdentifier);
      return name === undefined ? [] : [[name.toLowerCase(), cluster] as const];
    }),
  );
}

/**
 * Unset, AWS documents two defaults: the API reference of one version decides by whether the VPC has an internet
 * gateway, that of another by whether a subnet group is named. They agree that a database in a named group, in a VPC
 * without an internet gateway, is private; elsewhere it is not known.
 */
function publicAccess(
  flag: Property,
  subnets: readonly Item<ResourceId>[],
  hasGroup: boolean,
  reading: Reading,
): Value<boolean> {
  const written = flagOf(flag);
  if (written !== undefined) return written;
  const vpcs = reading.cached('VPCs with an internet gateway', vpcsWithGateway);
  const places = subnets.map(({ value }) => reading.get('subnets', value));
  const isInside = places.every((place) => place && !place.external && !vpcs.has(place.vpc) && !vpcs.has('*'));
  if (hasGroup && places.length > 0 && isInside) return false;
  return unknown(
    '`PubliclyAccessible` is not set: AWS decides by the subnet group and the internet gateway of its VPC',
  );
}

/** `*` where a gateway is attached to a VPC that is not known. */
function vpcsWithGateway(reading: Reading): ReadonlySet<string> {
  const gateways = [...reading.drafts.internetGateways.values()];
  return new Set(gateways.flatMap(({ vpc }) => (vpc === undefined ? [] : isUnknown<string>(vpc) ? ['*'] : [vpc])));
}

/** An instance: its own place, or that of the cluster it belongs to. `unset`: what no flag means, where AWS says it. */
const instance = (unset?: boolean): Reader => ({
  model: 'exact',
  populate(resource, reading) {
    const cluster = clusterOf(resource, reading);
    const own = placedSubnets(resource, reading);
    const subnets = own.length > 0 ? own : inherited('subnets', resource, reading);
    const groups = placedGroups(resource, reading);
    addInterface(resource, reading, {
      kind: 'database',
      subnets,
      securityGroups: groups.length > 0 ? groups : inherited('securityGroups', resource, reading),
      publicIpv4:
        flagOf(exposureOf(resource)) ??
        unset ??
        publicAccess(exposureOf(resource), subnets, subnets.length > 0, reading),
      ipv6: ipv6Of(resource, cluster),
    });
  },
});

/** Dual-stack is asked for by name; AWS's default is IPv4. */
function ipv6Of(resource: Resource, cluster?: Resource): Value<boolean> | 'if-subnet-has' {
  const type = textOf(at(resource.properties, 'NetworkType')) ?? textOf(at(cluster?.properties, 'NetworkType'));
  if (type === undefined) return false;
  return isUnknown<string>(type) ? type : type.toUpperCase() === 'DUAL' ? 'if-subnet-has' : false;
}

/** A cluster's endpoint leads to its instances; a Multi-AZ cluster has them itself. */
const cluster: Reader = {
  model: 'exact',
  populate(resource, reading) {
    const subnets = placedSubnets(resource, reading);
    const isMultiAz = !isAbsent(at(resource.properties, 'DBClusterInstanceClass'));
    addInterface(resource, reading, {
      kind: 'database',
      subnets,
      securityGroups: placedGroups(resource, reading),
      publicIpv4: isMultiAz ? publicAccess(exposureOf(resource), subnets, subnets.length > 0, reading) : false,
      ipv6: ipv6Of(resource),
    });
  },
  connect(resource, reading) {
    const noun = reading.obtain('interfaces', resource.id);
    const members = membersOf(resource.id, reading).map((id) => reading.get('interfaces', id)?.publicIpv4);
    const open = members.find((value) => value !== undefined && isUnknown<boolean>(value));
    if (members.some((value) => knownOf(value) === true)) noun.publicIpv4 = true;
    else if (open !== undefined) noun.publicIpv4 = open;
    noteDataApi(resource, reading);
  },
};

function membersOf(cluster: ResourceId, reading: Reading): readonly ResourceId[] {
  return reading.cached('members by cluster', membersByCluster).get(cluster) ?? [];
}

function membersByCluster(reading: Reading): ReadonlyMap<ResourceId, readonly ResourceId[]> {
  const members = new Map<ResourceId, ResourceId[]>();
  for (const member of ['AWS::RDS::DBInstance', 'AWS::Neptune::DBInstance'].flatMap((type) => reading.ofType(type))) {
    const id = clusterOf(member, reading)?.id;
    if (id !== undefined) members.set(id, [...(members.get(id) ?? []), member.id]);
  }
  return members;
}

/** The Data API answers queries without a connection: it passes by every rule of the network (fact 39). */
function noteDataApi(resource: Resource, reading: Reading): void {
  if ((flagOf(at(resource.properties, 'EnableHttpEndpoint')) ?? false) === false) return;
  reading.unmodelled(resource, 'its Data API answers queries past every rule of the network, for whom IAM admits', [
    resource.id,
  ]);
}

/** An instance of a cluster that is read as one is named for it. */
const memberOfCluster: Reader = {
  model: 'exact',
  connect(resource, reading) {
    const [cluster] = referencesIn(at(resource.properties, 'DBClusterIdentifier'));
    const noun = cluster && reading.get('interfaces', cluster.reference.resource);
    if (noun) noun.aliases = unique([...(noun.aliases ?? []), resource.id]).sort();
  },
};

const domain: Reader = { ...workload('database'), declare: declareDomain };

const inTheWorld: NonNullable<Reader['connect']> = (resource, reading) => {
  madeFromAnother(resource, reading);
  memberOfWorld(resource, reading);
};

const inVpcOnly = workload('database', { always: true });

export const databaseReaders: Readers = {
  'AWS::RDS::DBInstance': transferring(instance(), madeFromAnother),
  // "By default, new Neptune databases are created with public endpoints disabled" (Neptune user guide, public endpoints).
  'AWS::Neptune::DBInstance': instance(false),
  'AWS::RDS::DBCluster': transferring(cluster, inTheWorld),
  'AWS::Neptune::DBCluster': transferring(cluster, inTheWorld),
  'AWS::RDS::DBProxy': workload('database'),
  'AWS::RDS::DBProxyEndpoint': partOf(workload('database'), 'DBProxyName', 'AWS::RDS::DBProxy'),
  'AWS::DocDB::DBCluster': transferring(inVpcOnly, inTheWorld),
  'AWS::DocDB::DBInstance': memberOfCluster,
  'AWS::DocDBElastic::Cluster': transferring(inVpcOnly, madeFromAnother),
  'AWS::Redshift::Cluster': transferring(workload('database', { exposure: false, always: true }), madeFromAnother),
  'AWS::Redshift::EndpointAccess': partOf(workload('database'), 'ClusterIdentifier', 'AWS::Redshift::Cluster'),
  'AWS::RedshiftServerless::Workgroup': workload('database', { exposure: false, always: true }),
  'AWS::OpenSearchService::Domain': domain,
  'AWS::Elasticsearch::Domain': domain,
  'AWS::ElastiCache::CacheCluster': workload('cache', { always: true }),
  'AWS::ElastiCache::ReplicationGroup': workload('cache', { always: true, madeFrom: 'PrimaryClusterId' }),
  'AWS::ElastiCache::ServerlessCache': workload('cache', { always: true }),
  'AWS::MemoryDB::Cluster': transferring(workload('cache', { always: true }), memberOfRegions),
  'AWS::DAX::Cluster': workload('cache', { always: true }),
};
