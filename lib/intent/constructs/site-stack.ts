/**
 * A site: its VPN to the transit gateway and the table in which what it sends is looked up. A stack of its own, so that a
 * group of any number of hospitals stays within CloudFormation's 500 resources a stack.
 */
import { Stack, type StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { formatPrefix } from '../../base/net';
import type { NetworkPlan, VpnPlan } from '../plan';
import { lookUp } from './ec2-look-up';
import { idOf } from './logical-id';
import { tagsOf } from './tags';

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

export interface SiteStackProps extends StackProps {
  readonly estatePlan: NetworkPlan;
  readonly vpnPlan: VpnPlan;
  readonly transitGatewayId: string;
}

export class SiteStack extends Stack {
  readonly attachmentId: string;
  readonly routeTableId: string;
  private readonly estate: NetworkPlan;

  /** Static routes only: what a site announced over BGP would be a route that no template shows. */
  constructor(
    scope: Construct,
    id: string,
    { estatePlan, vpnPlan: { site, gateway }, transitGatewayId, ...props }: SiteStackProps,
  ) {
    super(scope, id, props);
    this.estate = estatePlan;
    const tags = tagsOf({ estate: estatePlan.estate, role: 'site', name: site });
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
    const attachmentId = lookUp(
      this,
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
    this.attachmentId = attachmentId;
    this.routeTableId = table.ref;
  }

  private createBlackholes(site: string, routeTableId: string): void {
    const routes = this.estate.transit?.tables.find(({ of }) => of.kind === 'site' && of.name === site)?.routes ?? [];
    for (const { destination, to } of routes) {
      if (to !== 'blackhole') continue;
      new ec2.CfnTransitGatewayRoute(this, idOf(site, 'blackhole', formatPrefix(destination)), {
        transitGatewayRouteTableId: routeTableId,
        destinationCidrBlock: formatPrefix(destination),
        blackhole: true,
      });
    }
  }
}
