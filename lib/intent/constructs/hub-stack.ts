/**
 * What the estate has once: the encrypted, retained store of flow logs and the transit gateway. Nothing here knows a zone
 * or a site, so adding one leaves this stack alone.
 */
import { Aws, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { NetworkPlan } from '../plan';
import { lookUp } from './ec2-look-up';
import { idOf } from './logical-id';
import { tagsOf } from './tags';

/** HIPAA keeps documentation for six years (45 CFR 164.316(b)(2)); flow logs are evidence of it. */
const RETENTION = Duration.days(2192);

export class HubStack extends Stack {
  readonly flowLogBucketArn: string;
  readonly transitGatewayId?: string;
  private readonly prefixLists = new Map<string, string>();

  constructor(
    scope: Construct,
    id: string,
    private readonly plan: NetworkPlan,
    props: StackProps,
  ) {
    super(scope, id, props);
    this.flowLogBucketArn = this.createFlowLogBucket().bucketArn;
    this.transitGatewayId = plan.transit ? this.createTransitGateway().ref : undefined;
  }

  /** The id of the prefix list that AWS keeps for a service: it differs by region, and only AWS can say it. */
  prefixListId(service: string): string {
    const known = this.prefixLists.get(service);
    if (known) return known;
    const name = `com.amazonaws.${this.plan.region}.${service}`;
    const found = lookUp(
      this,
      idOf(service, 'prefix-list'),
      'describeManagedPrefixLists',
      'PrefixLists.0.PrefixListId',
      {
        Filters: [{ Name: 'prefix-list-name', Values: [name] }],
      },
    );
    this.prefixLists.set(service, found);
    return found;
  }

  private createFlowLogBucket(): s3.Bucket {
    const key = new kms.Key(this, 'FlowLogKey', {
      description: `flow logs of ${this.plan.estate}`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const bucket = new s3.Bucket(this, 'FlowLogs', {
      encryption: s3.BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        {
          id: 'KeepSixYears',
          expiration: RETENTION,
          noncurrentVersionExpiration: RETENTION,
          transitions: [
            { storageClass: s3.StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(90) },
          ],
        },
      ],
    });
    const delivery = new iam.ServicePrincipal('delivery.logs.amazonaws.com');
    const conditions = {
      StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
      ArnLike: { 'aws:SourceArn': `arn:${Aws.PARTITION}:logs:${this.plan.region}:${Aws.ACCOUNT_ID}:*` },
    };
    const allow = (sid: string, actions: string[], resources: string[]) =>
      new iam.PolicyStatement({ sid, principals: [delivery], actions, resources, conditions });
    const objects = bucket.arnForObjects(`AWSLogs/${Aws.ACCOUNT_ID}/*`);
    bucket.addToResourcePolicy(allow('FlowLogsAreWritten', ['s3:PutObject'], [objects]));
    bucket.addToResourcePolicy(
      allow('FlowLogsAskWhoOwnsThis', ['s3:GetBucketAcl', 's3:ListBucket'], [bucket.bucketArn]),
    );
    key.addToResourcePolicy(
      allow(
        'FlowLogsAreEncrypted',
        ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
        ['*'],
      ),
    );
    for (const resource of [key.node.defaultChild, bucket.node.defaultChild]) {
      if (resource instanceof kms.CfnKey || resource instanceof s3.CfnBucket) {
        for (const { key: name, value } of tagsOf({ estate: this.plan.estate, role: 'hub' }))
          resource.tags.setTag(name, value);
      }
    }
    return bucket;
  }

  /** Every default that would let an attachment see another is off (SEMANTICS 23, 26). */
  private createTransitGateway(): ec2.CfnTransitGateway {
    return new ec2.CfnTransitGateway(this, 'TransitGateway', {
      description: `joins the sites of ${this.plan.estate} to its VPCs`,
      autoAcceptSharedAttachments: 'disable',
      defaultRouteTableAssociation: 'disable',
      defaultRouteTablePropagation: 'disable',
      dnsSupport: 'enable',
      multicastSupport: 'disable',
      securityGroupReferencingSupport: 'disable',
      vpnEcmpSupport: 'enable',
      tags: tagsOf({ estate: this.plan.estate, role: 'hub', name: `${this.plan.estate} hub` }),
    });
  }
}
