/** Transit gateways, what is attached to them, and their route tables. */
import type { Prefix } from '../../base/net';
import type { Noun, Origin, ResourceId } from './noun';
import type { Unknown, Value } from './value';

export interface TransitGateway extends Noun {
  readonly defaultAssociation: Value<boolean>;
  readonly defaultPropagation: Value<boolean>;
  readonly autoAccept: Value<boolean>;
  readonly securityGroupReferencing: Value<boolean>;
}

export interface TransitGatewayAttachment extends Noun {
  readonly transitGateway: ResourceId;
  readonly attached:
    | { readonly kind: 'vpc'; readonly vpc: ResourceId; readonly subnets: readonly ResourceId[] }
    /** the VpnConnection */
    | { readonly kind: 'vpn'; readonly id: ResourceId }
    | { readonly kind: 'direct-connect'; readonly id: ResourceId }
    /** `peer`: the TransitGatewayAttachment noun on the other gateway, if the templates show it */
    | { readonly kind: 'peering'; readonly peer?: ResourceId }
    /** a Network Firewall attached to the gateway itself */
    | { readonly kind: 'firewall'; readonly id: ResourceId }
    | { readonly kind: 'unknown'; readonly reason: string; readonly parameters?: readonly string[] };
  /** the one table that packets from here are looked up in; undefined = none: it cannot send */
  readonly association?: Value<ResourceId>;
  readonly applianceMode: Value<boolean>;
  readonly securityGroupReferencing: Value<boolean>;
  /** why it is not certain that it carries IPv6; absent: it does */
  readonly ipv6Open?: Unknown;
}

export interface TransitGatewayRoute {
  readonly origin: Origin;
  readonly certain: boolean;
  readonly destination: Value<Prefix> | { readonly prefixList: ResourceId };
  readonly target:
    | { readonly kind: 'attachment'; readonly id: ResourceId }
    | { readonly kind: 'blackhole' }
    | { readonly kind: 'unknown'; readonly reason: string; readonly parameters: readonly string[] };
}

export interface TransitGatewayRouteTable extends Noun {
  readonly transitGateway: ResourceId;
  /** static routes */
  readonly routes: readonly TransitGatewayRoute[];
  /** attachments whose ranges appear here, defaults already written out */
  readonly propagations: readonly {
    readonly attachment: ResourceId;
    readonly certain: boolean;
    readonly origin: Origin;
  }[];
}
