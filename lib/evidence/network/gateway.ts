/**
 * What leads out of a VPC (SEMANTICS 17 to 22, 27, 28): gateways to the internet and to sites, and peering.
 */
import type { Prefix } from '../../base/net';
import type { Noun, ResourceId } from './noun';
import type { Value } from './value';

/** What shuts a gateway to the internet: VPC Block Public Access. */
export interface Shut {
  readonly by: ResourceId;
  /** it carries nothing, or only what a NAT gateway sends, and its answers */
  readonly to: 'everything' | 'all-but-nat';
  /** ranges of subnets that are excluded, where it is shut to everything else */
  readonly except?: readonly Prefix[];
}

export interface InternetGateway extends Noun {
  /** the VPC it is attached to */
  readonly vpc?: Value<ResourceId>;
  readonly shut?: Shut;
}

export interface EgressOnlyGateway extends Noun {
  readonly vpc: ResourceId;
  readonly shut?: Shut;
}

export interface NatGateway extends Noun {
  readonly subnet: ResourceId;
  readonly connectivity: Value<'public' | 'private'>;
  /** private addresses that the template fixes */
  readonly addresses?: readonly Value<Prefix>[];
  /** a regional one that serves these availability zones alone */
  readonly zones?: readonly Value<string>[];
}

export interface VpnGateway extends Noun {
  readonly vpc?: Value<ResourceId>;
}

export interface VpnConnection extends Noun {
  /** what it ends at on the AWS side */
  readonly gateway: { readonly kind: 'vpn-gateway' | 'transit-gateway' | 'unknown'; readonly id: ResourceId };
  /** the customer gateway's outside address */
  readonly customerGatewayIp?: Value<string>;
  /** `static`: `routes` are all there are; `bgp`: what the site announces, unknown */
  readonly routing: Value<'static' | 'bgp'>;
  readonly routes: readonly Value<Prefix>[];
  /** the family of what its tunnels carry, which is one; absent: either */
  readonly carries?: Value<4 | 6>;
}

export interface PeeringConnection extends Noun {
  /** an external VPC noun where no template shows the other side */
  readonly requester: ResourceId;
  readonly accepter: ResourceId;
}
