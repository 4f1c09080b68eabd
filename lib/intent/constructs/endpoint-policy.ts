/**
 * Policies of AWS service endpoints. An endpoint without a policy carries any principal's call to anyone's resource
 * (SEMANTICS 29, 30): that is how data leaves a network that has no route out.
 */
import { Aws } from 'aws-cdk-lib';
import type { ServiceEndpointPlan } from '../plan';

/** Where the prefix of IAM actions is not the endpoint's name. Source: Service Authorization Reference. */
const ACTION_PREFIX: Readonly<Record<string, string>> = {
  'ecr.api': 'ecr',
  'ecr.dkr': 'ecr',
  monitoring: 'cloudwatch',
  'email-smtp': 'ses',
  'execute-api': 'execute-api',
  'git-codecommit': 'codecommit',
  'sagemaker.api': 'sagemaker',
  'sagemaker.runtime': 'sagemaker',
  'kinesis-streams': 'kinesis',
  'kinesis-firehose': 'firehose',
  'bedrock-runtime': 'bedrock',
  'dicom-medical-imaging': 'medical-imaging',
  'runtime-medical-imaging': 'medical-imaging',
};

/** The account's own principals, on the account's own resources; named buckets and tables only, where the zone names them. */
export function endpointPolicy(endpoint: ServiceEndpointPlan, region: string): Record<string, unknown> {
  const action = `${ACTION_PREFIX[endpoint.service] ?? endpoint.service.split('.')[0] ?? endpoint.service}:*`;
  const own = {
    Sid: 'OwnAccountOnly',
    Effect: 'Allow',
    Principal: { AWS: '*' },
    Action: action,
    Resource: resourcesOf(endpoint, region),
    Condition: ownAccount(endpoint.service),
  };
  return { Version: '2012-10-17', Statement: endpoint.imageLayers ? [own, imageLayers(region)] : [own] };
}

/** Services whose every action has a resource. For others the key may be missing, and a plain comparison would refuse the call. */
const ALWAYS_WITH_RESOURCE: ReadonlySet<string> = new Set(['s3', 'dynamodb', 'kms', 'secretsmanager']);

function ownAccount(service: string): Record<string, unknown> {
  const [principal, resource] = ['aws:PrincipalAccount', 'aws:ResourceAccount'];
  return ALWAYS_WITH_RESOURCE.has(service)
    ? { StringEquals: { [principal]: Aws.ACCOUNT_ID, [resource]: Aws.ACCOUNT_ID } }
    : { StringEquals: { [principal]: Aws.ACCOUNT_ID }, StringEqualsIfExists: { [resource]: Aws.ACCOUNT_ID } };
}

function resourcesOf({ service, resources }: ServiceEndpointPlan, region: string): string[] {
  if (resources.length === 0) return ['*'];
  switch (service) {
    case 's3':
      return resources.flatMap((bucket) => [
        `arn:${Aws.PARTITION}:s3:::${bucket}`,
        `arn:${Aws.PARTITION}:s3:::${bucket}/*`,
      ]);
    case 'dynamodb':
      return resources.flatMap((table) => {
        const arn = `arn:${Aws.PARTITION}:dynamodb:${region}:${Aws.ACCOUNT_ID}:table/${table}`;
        return [arn, `${arn}/*`];
      });
    default:
      return [...resources];
  }
}

/** ECR keeps image layers in a bucket of AWS's own (ECR user guide, "Amazon S3 gateway endpoint permissions"). */
function imageLayers(region: string): Record<string, unknown> {
  return {
    Sid: 'ContainerImageLayers',
    Effect: 'Allow',
    Principal: { AWS: '*' },
    Action: 's3:GetObject',
    Resource: [`arn:${Aws.PARTITION}:s3:::prod-${region}-starport-layer-bucket/*`],
    Condition: { StringEquals: { 'aws:PrincipalAccount': Aws.ACCOUNT_ID } },
  };
}
