/**
 * A leg is one stretch of a conduit inside one VPC: who opens a connection to whom there. A `local` conduit has one; an
 * `endpoint` conduit has one at the initiator and two at the responder; a `transit` conduit has one at each VPC end.
 * Security groups, network ACLs and routes all follow from the legs, so that they cannot disagree.
 */
import type { PortRange, Prefix } from '../../base/net';
import type { ServiceTraffic } from '../zones';
import type { GroupKey, RuleProtocol } from './network-plan';

export type Party =
  | {
      readonly kind: 'group';
      readonly securityGroup: GroupKey;
      readonly subnetGroup: GroupKey;
      /** the range that holds the group's subnets */
      readonly cidr: Prefix;
    }
  | {
      readonly kind: 'ranges';
      readonly prefixes: readonly Prefix[];
      readonly across?: 'transit' | 'internet' | 'privatelink';
    }
  /** an AWS service behind a gateway endpoint: its public ranges, which only AWS knows */
  | { readonly kind: 'service'; readonly service: string };

export type GroupParty = Extract<Party, { kind: 'group' }>;

export interface Leg {
  readonly vpc: string;
  readonly initiator: Party;
  readonly responder: Party;
  readonly protocol: RuleProtocol;
  /** absent for icmp: echo */
  readonly ports?: PortRange;
  /** the conduit's name, or the made-up name of an asset's `from` or of a service use */
  readonly conduit: string;
  /** what a reviewer reads on the rule */
  readonly text: string;
}

export function trafficOf(traffic: ServiceTraffic): { protocol: RuleProtocol; ports?: PortRange } {
  return traffic.ports ? { protocol: traffic.protocol, ports: traffic.ports } : { protocol: traffic.protocol };
}

/** What EC2 accepts in a description (SecurityGroup rule descriptions: 255 of this set). */
export function describe(text: string): string {
  return text
    .replace(/[^a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]/g, (mark) =>
      /\s/.test(mark) ? ' ' : mark === "'" || mark === '’' ? '' : '-',
    )
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 255);
}
