/**
 * Prices per month of 730 hours in us-east-1, as data with a date; data transfer and requests are not included.
 * Source: AWS price lists as summarised in HOSPITAL §6, mid-2026. Other regions cost more, by a tenth or two.
 */
export const PRICES_AS_OF = '2026-07-01';
export const PRICES_REGION = 'us-east-1';

export const PRICES = {
  transitAttachment: { item: 'transit gateway attachment', unitPrice: 36.5 },
  vpnConnection: { item: 'site-to-site VPN connection', unitPrice: 36.5 },
  endpointZone: { item: 'interface endpoint, per availability zone', unitPrice: 7.3 },
  networkLoadBalancer: { item: 'network load balancer', unitPrice: 16.43 },
  publicIpv4: { item: 'public IPv4 address', unitPrice: 3.65 },
  key: { item: 'KMS key for flow logs', unitPrice: 1 },
} as const;
