import * as iam from 'aws-cdk-lib/aws-iam';
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import type { Construct } from 'constructs';

/**
 * Asks EC2 during deployment for an id that CloudFormation does not hand out: a VPN connection has no attribute for
 * its attachment (decision 0102). Read-only, and a type that CDK users know: `Custom::AWS`.
 */
export function lookUp(
  scope: Construct,
  id: string,
  action: string,
  path: string,
  parameters: Record<string, unknown>,
): string {
  const call = {
    service: 'EC2',
    action,
    parameters,
    outputPaths: [path],
    physicalResourceId: PhysicalResourceId.of(id),
  };
  const resource = new AwsCustomResource(scope, id, {
    onCreate: call,
    onUpdate: call,
    installLatestAwsSdk: false,
    policy: AwsCustomResourcePolicy.fromStatements([
      new iam.PolicyStatement({
        actions: [`ec2:${action.charAt(0).toUpperCase()}${action.slice(1)}`],
        resources: ['*'],
      }),
    ]),
  });
  return resource.getResponseField(path);
}
