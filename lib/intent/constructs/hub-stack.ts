/**
 * What the estate has once: the encrypted, retained store of flow logs, the transit gateway, and a VPN per site. Nothing
 * here knows a zone, so adding one leaves this stack alone.
 */
import { Aws, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import type { Construct } from 'constructs';
import { formatPrefix } from '../../base/net';
import type { NetworkPlan, VpnPlan } from '../plan';
import { idOf } from './logical-id';
import { tagsOf } from './tags';

/** HIPAA keeps documentation for six years (45 CFR 164.316(b)(2)); flow logs are evidence of it. */
const RETENTION = Duration.days(2192);

/** Patient data crosses here: AWS's defaults still offer SHA-1 and 1024-bit groups (Site-to-Site VPN guide, "Tunnel options"). */
const TUNNEL: ec2.CfnVPNConnection.VpnTunnelOptionsSpecificationProperty = {
  ikeVersions: [{ value: 'ikev2' }],
  phase1EncryptionAlgorithms: [{ value: 'AES256-GCM-16' }, { value: 'AES256' }],
  phase2EncryptionAlgorithms: [{ value: 'AES256-GCM-16' }, { value: 'AES256' }],
  phase1IntegrityAlgorithms: [{ value: 'SHA2-384' }, { value: 'SHA2-256' }],
  phase2IntegrityAlgorithms: [{ value: 'SHA2-384' }, { value: 'SHA2-256' }],
  phase1DhGroupNumbers: [{ value: 20 }, { value: 19 }, { value: 14 }],
  phase2DhGroupNumbers: [{ value: 20 }, { value: 19 }, { value: 14 }],
};

export interface SiteAttachment {
  readonly attachmentId: string;
  readonly routeTableId: string;
}

export class HubStack extends Stack {
  readonly flowLogBucketArn: string;
  readonly transitGatewayId?: string;
  readonly sites: ReadonlyMap<string, SiteAttachment>;
  private readonly prefixLists = new Map<string, string>();

  constructor(
    scope: Construct,
    id: string,
    private readonly plan: NetworkPlan,
    props: StackProps,
  ) {
    super(scope, id, props);
    this.flowLogBucketArn = this.createFlowLogBucket().bucketArn;
    const sites = new Map<string, SiteAttachment>();
    if (plan.transit) {
      const gateway = this.createTransitGateway();
      this.transitGatewayId = gateway.ref;
      for (const vpn of plan.transit.vpns) sites.set(vpn.site, this.createVpn(vpn, gateway.ref));
    }
    this.sites = sites;
  }

  /** The id of the prefix list that AWS keeps for a service: it differs by region, and only AWS can say it. */
  prefixListId(service: string): string {
    const known = this.prefixLists.get(service);
    if (known) return known;
    const name = `com.amazonaws.${this.plan.region}.${service}`;
    const found = this.lookUp(
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

  /** Static routes only: what a site announced over BGP would be a route that no template shows. */
  private createVpn({ site, gateway }: VpnPlan, transitGatewayId: string): SiteAttachment {
    const tags = tagsOf({ estate: this.plan.estate, role: 'site', name: site });
    const customerGateway = new ec2.CfnCustomerGateway(this, idOf(site, 'customer-gateway'), {
      type: 'ipsec.1',
      ipAddress: gateway.ip,
      bgpAsn: gateway.asn,
      tags,
    });
    const connection = new ec2.CfnVPNConnection(this, idOf(site, 'vpn'), {
      type: 'ipsec.1',
      customerGatewayId: customerGateway.ref,
      transitGatewayId,
      staticRoutesOnly: true,
      vpnTunnelOptionsSpecifications: [TUNNEL, TUNNEL],
      tags,
    });
    const attachmentId = this.lookUp(
      idOf(site, 'attachment'),
      'describeTransitGatewayAttachments',
      'TransitGatewayAttachments.0.TransitGatewayAttachmentId',
      {
        Filters: [
          { Name: 'resource-id', Values: [connection.ref] },
          { Name: 'resource-type', Values: ['vpn'] },
        ],
      },
    );
    const table = new ec2.CfnTransitGatewayRouteTable(this, idOf(site, 'table'), { transitGatewayId, tags });
    new ec2.CfnTransitGatewayRouteTableAssociation(this, idOf(site, 'association'), {
      transitGatewayAttachmentId: attachmentId,
      transitGatewayRouteTableId: table.ref,
    });
    this.createBlackholes(site, table.ref);
    return { attachmentId, routeTableId: table.ref };
  }

  private createBlackholes(site: string, routeTableId: string): void {
    const routes = this.plan.transit?.tables.find(({ of }) => of.kind === 'site' && of.name === site)?.routes ?? [];
    for (const { destination, to } of routes) {
      if (to !== 'blackhole') continue;
      new ec2.CfnTransitGatewayRoute(this, idOf(site, 'blackhole', formatPrefix(destination)), {
        transitGatewayRouteTableId: routeTableId,
        destinationCidrBlock: formatPrefix(destination),
        blackhole: true,
      });
    }
  }

  /**
   * Asks EC2 during deployment for an id that CloudFormation does not hand out: a VPN connection has no attribute for
   * its attachment (decision 0102). Read-only, and a type that CDK users know: `Custom::AWS`.
   */
  private lookUp(id: string, action: string, path: string, parameters: Record<string, unknown>): string {
    const call = {
      service: 'EC2',
      action,
      parameters,
      outputPaths: [path],
      physicalResourceId: PhysicalResourceId.of(id),
    };
    const resource = new AwsCustomResource(this, id, {
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
}
