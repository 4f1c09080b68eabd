/** Endpoints, the services behind them, and load balancers with their targets. */
import type { PortRange, Prefix } from '../../base/net';
import type { PolicyDocument } from './beyond-packets';
import type { Noun, Origin, ResourceId } from './noun';
import type { Unknown, Value } from './value';

export interface VpcEndpoint extends Noun {
  readonly vpc: ResourceId;
  readonly type: 'gateway' | 'interface' | 'gateway-load-balancer' | 'unknown';
  /**
   * `aws`: an AWS service, by its short name (`s3`, `kms`, `ecr.api`);
   * `private`: a PrivateLink service of this model; `external`: someone else's.
   */
  readonly service:
    | { readonly kind: 'aws'; readonly name: string }
    | { readonly kind: 'private'; readonly id: ResourceId }
    /** a service network or a resource configuration of VPC Lattice: what it leads to is a Bridge */
    | { readonly kind: 'lattice'; readonly id: ResourceId }
    | { readonly kind: 'external'; readonly name: string }
    | { readonly kind: 'unknown'; readonly reason: string; readonly parameters: readonly string[] };
  /** the Interface noun of an interface endpoint */
  readonly interface?: ResourceId;
  /** where a gateway load balancer endpoint stands */
  readonly subnets?: readonly ResourceId[];
  /** tables that a gateway endpoint is in */
  readonly routeTables: readonly ResourceId[];
  /** undefined = no policy: everything the service can do, for anyone's resources */
  readonly policy?: Value<PolicyDocument>;
}

export interface EndpointService extends Noun {
  /** LoadBalancer ids */
  readonly loadBalancers: readonly ResourceId[];
  /** ARNs or `*`; empty = only the owner's account */
  readonly allowedPrincipals: readonly Value<string>[];
  readonly acceptanceRequired: Value<boolean>;
}

export interface Listener {
  readonly origin: Origin;
  readonly certain: boolean;
  /** tcp or udp; TLS, HTTP and HTTPS listeners are tcp, TCP_UDP is both */
  readonly protocols: readonly number[];
  readonly ports: Value<PortRange>;
  /** target groups that any action of it, or of its rules, forwards to */
  readonly targetGroups: readonly ResourceId[];
  /** forwards to something that is not known */
  readonly unknownTargets?: { readonly reason: string; readonly parameters: readonly string[] };
}

export interface LoadBalancer extends Noun {
  readonly type: 'application' | 'network' | 'gateway' | 'classic';
  readonly scheme: Value<'internet-facing' | 'internal'>;
  /** the Interface noun */
  readonly interface: ResourceId;
  readonly listeners: readonly Listener[];
  readonly crossZone: Value<boolean>;
  /** whether its groups filter what comes through PrivateLink; AWS's default is on */
  readonly filtersPrivateLink: Value<boolean>;
  /** whether a rule has it ask an identity provider, wherever that is, who its clients are; absent: none has */
  readonly asksProviders?: boolean;
}

export interface TargetGroup extends Noun {
  readonly targetType: Value<'instance' | 'ip' | 'lambda' | 'alb'>;
  /** protocol and port for targets that name none */
  readonly protocols: readonly number[];
  readonly port: Value<number>;
  /** where the balancer asks for its targets' health; absent: where it sends its clients' packets */
  readonly healthCheckPort?: Value<number>;
  /** the client's address arrives at the target; AWS's defaults are already applied by the reader */
  readonly preserveClientIp: Value<boolean>;
  /** whether nodes of a balancer send to targets in other zones; absent: as the balancer says */
  readonly crossZone?: Value<boolean>;
  /** it calls interfaces that are registered at their IPv6 addresses, whoever its clients are; absent: at their IPv4 ones */
  readonly ipv6?: Value<boolean>;
  readonly targets: readonly Target[];
  /** what else may be registered, e.g. by something that no template shows */
  readonly unknownTargets?: { readonly reason: string; readonly parameters: readonly string[] };
}

export interface Target {
  /** an Interface of the model, or an address */
  readonly to:
    | { readonly kind: 'interface'; readonly id: ResourceId }
    | { readonly kind: 'address'; readonly cidr: Value<Prefix> };
  readonly port?: Value<number>;
  readonly certain: boolean;
  /** why it may not be registered, where a condition decides */
  readonly doubt?: Unknown;
}
