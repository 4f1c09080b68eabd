/**
 * A chart with patient data beside a laboratory: databases, files and caches that tests have AWS copy.
 */
import { readNetwork } from '../../lib/evidence/template';
import { verify } from './scenario';

export type Resources = Readonly<Record<string, object>>;

export const resource = (Type: string, Properties: object = {}) => ({ Type, Properties });
export const arn = (id: string, name = 'Arn') => ({ 'Fn::GetAtt': [id, name] });
export const ref = (Ref: string) => ({ Ref });
export const ACCOUNT = '111122223333';
export const OTHER = '444455556666';

export const ZONES = (uses: string, conduits: string) => `
cordon: 1
estate: clinic
region: eu-west-2
zones:
  lab: { purpose: Studies, at: { template: { vpcs: [Lab] } }, trust: restricted, data: internal }
  ehr: { purpose: The chart, at: { template: { vpcs: [Ehr] } }, trust: trusted, data: phi, awsServices: [${uses}] }
${conduits}
`;
const conduit = (from: string, to: string) =>
  `conduits: { studies: { from: ${from}, to: ${to}, allow: [postgres], why: Studies, who: Staff, owner: Lab, approved: { by: [Board], on: 2026-10-01 }, review: 2027-06-01 } }`;
/** from the chart to the laboratory */
export const JOINED = conduit('ehr', 'lab');
/** from the laboratory to the chart */
export const ASKED = conduit('lab', 'ehr');

/** A cluster of databases, a file system, a cache and a warehouse in the VPC of the chart. */
export const placed = (zone: string) => ({
  VpcSecurityGroupIds: [ref(`${zone}Group`)],
  DBSubnetGroupName: ref(`${zone}Databases`),
});
const zone = (name: string, cidr: string): Resources => ({
  [name]: resource('AWS::EC2::VPC', { CidrBlock: `${cidr}/16` }),
  [`${name}Subnet`]: resource('AWS::EC2::Subnet', { VpcId: ref(name), CidrBlock: `${cidr}/24` }),
  [`${name}Group`]: resource('AWS::EC2::SecurityGroup', { VpcId: ref(name), GroupDescription: name }),
  [`${name}Databases`]: resource('AWS::RDS::DBSubnetGroup', { SubnetIds: [ref(`${name}Subnet`)] }),
  [`${name}Warehouses`]: resource('AWS::Redshift::ClusterSubnetGroup', { SubnetIds: [ref(`${name}Subnet`)] }),
  [`${name}Caches`]: resource('AWS::ElastiCache::SubnetGroup', { SubnetIds: [ref(`${name}Subnet`)] }),
});
export const warehouse = (name: string) =>
  resource('AWS::Redshift::Cluster', {
    ClusterSubnetGroupName: ref(`${name}Warehouses`),
    VpcSecurityGroupIds: [ref(`${name}Group`)],
  });
export const cache = (name: string) =>
  resource('AWS::ElastiCache::ReplicationGroup', {
    CacheSubnetGroupName: ref(`${name}Caches`),
    SecurityGroupIds: [ref(`${name}Group`)],
  });
export const mount = (name: string, files: string) =>
  resource('AWS::EFS::MountTarget', {
    FileSystemId: ref(files),
    SubnetId: ref(`${name}Subnet`),
    SecurityGroups: [ref(`${name}Group`)],
  });
export const BASE: Resources = {
  ...zone('Lab', '10.1.0.0'),
  ...zone('Ehr', '10.2.0.0'),
  Chart: resource('AWS::RDS::DBCluster', { DBClusterIdentifier: 'chart', ...placed('Ehr') }),
  Files: resource('AWS::EFS::FileSystem'),
  FilesIn: mount('Ehr', 'Files'),
  Cache: cache('Ehr'),
};

export interface Asked {
  readonly uses?: string;
  readonly conduits?: string;
  readonly parameters?: object;
}

export function resultOf(resources: Resources, { uses = '', conduits = '', parameters = {} }: Asked = {}) {
  const text = JSON.stringify({ ...parameters, Resources: { ...BASE, ...resources } });
  const { network } = readNetwork([{ stack: 'S', file: 's.json', text, account: ACCOUNT }], { region: 'eu-west-2' });
  return verify(ZONES(uses, conduits), network);
}

/** The gravest of what is claimed of copies; `proved` where nothing is to be said. */
export function verdictOf(resources: Resources, asked: Asked = {}) {
  const { claims } = resultOf(resources, asked);
  const verdicts = claims.filter(({ id }) => /^(?:copy|data)\//.test(id)).map(({ verdict }) => verdict);
  return verdicts.includes('violated') ? 'violated' : verdicts.includes('unknown') ? 'unknown' : 'proved';
}

const ARCHIVE = resource('AWS::S3::Bucket', { BucketName: 'archive' });
export const GATED: Resources = {
  Archive: ARCHIVE,
  Gate: resource('AWS::S3::BucketPolicy', {
    Bucket: ref('Archive'),
    PolicyDocument: {
      Statement: [
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: '*',
          Condition: { StringNotEquals: { 'aws:SourceVpc': ref('Ehr') } },
        },
      ],
    },
  }),
};
export const letsIn = (Principal: unknown, Action: string) => ({
  Statement: [{ Effect: 'Allow', Principal, Action, Resource: '*' }],
});
