/**
 * ZoneModel: what an estate declares, with every name resolved and every default filled in.
 * The words are IEC 62443's: a zone groups assets with the same protection needs, a conduit is the only way between
 * zones, a channel is one permitted communication in a conduit.
 *
 * Plain data. Every noun carries the span of the words that declared it, so that trouble found late still points there.
 */
import type { SourceSpan } from '../../base/diagnostics';
import type { PortRange, Prefix } from '../../base/net';

export interface ZoneModel {
  readonly name: string;
  readonly source: SourceSpan;
  /** the files the estate was read from, sorted */
  readonly files: readonly string[];
  readonly region: string;
  /** nobody gave the region: it is a default to build in, and nothing to judge other people's templates by */
  readonly regionIsDefault?: true;
  /** how many availability zones each VPC zone spans, 1–6 */
  readonly availabilityZones: number;
  readonly addressing: Addressing;
  /** all lists are sorted by name, so that the order of keys and files never changes the result */
  readonly sites: readonly Site[];
  readonly vpcs: readonly SharedVpc[];
  readonly zones: readonly Zone[];
  readonly conduits: readonly Conduit[];
  /** obligations that were written, and those that always hold */
  readonly obligations: readonly Obligation[];
  /** the catalogue entries that this estate uses, its own included */
  readonly services: readonly Service[];
}

export interface Addressing {
  /** the pool that VPC blocks are taken from; absent only where no zone lives in a VPC of Cordon's making */
  readonly pool?: Prefix;
  readonly source: SourceSpan;
}

export interface Site {
  readonly name: string;
  readonly source: SourceSpan;
  readonly connect: 'vpn' | 'none';
  /** the customer gateway; absent for a site without a connection */
  readonly gateway?: { readonly ip: string; readonly asn: number };
  /** the site vouches that it lets out only its own ranges; without it a site may send from any source address */
  readonly filtersSources: boolean;
}

/** A VPC that several zones share. */
export interface SharedVpc {
  readonly name: string;
  readonly source: SourceSpan;
  /** prefix length of the VPC's block, 16–28 */
  readonly size: number;
  /** a block fixed by hand; otherwise it comes from the pool */
  readonly cidr?: Prefix;
}

/** 0 hostile … 2 trusted */
export type Trust = 'untrusted' | 'restricted' | 'trusted';
/** what the zone holds; `phi-bulk` counts as `phi`; `safety` can hurt a patient */
export type DataClass = 'none' | 'internal' | 'deidentified' | 'phi' | 'phi-bulk' | 'safety' | 'secrets';

export type Placement =
  /** a VPC of the zone's own */
  | { readonly kind: 'vpc'; readonly size: number; readonly cidr?: Prefix }
  /** subnets in a VPC that several zones share */
  | { readonly kind: 'shared-vpc'; readonly vpc: string; readonly size: number; readonly cidr?: Prefix }
  /** address ranges at a site */
  | { readonly kind: 'site'; readonly site: string; readonly cidrs: readonly Prefix[] }
  /** outside the estate: named ranges on the internet, a partner, a SaaS */
  | { readonly kind: 'outside'; readonly cidrs: readonly Prefix[] }
  /** CloudFormation that Cordon did not make (`at: { template: … }`) */
  | {
      readonly kind: 'template';
      readonly vpcs: readonly string[];
      readonly subnets: readonly string[];
      readonly securityGroups: readonly string[];
      readonly cidrs: readonly Prefix[];
    };

export interface Zone {
  readonly name: string;
  readonly source: SourceSpan;
  readonly purpose: string;
  readonly owner?: string;
  readonly placement: Placement;
  readonly trust: Trust;
  /** at least one; sorted */
  readonly data: readonly DataClass[];
  /** says that it is a gate, and why: `never` obligations with `except: [zone]` or the standing ones may pass through it */
  readonly gate?: { readonly why: string; readonly source: SourceSpan };
  readonly assets: readonly Asset[];
  readonly awsServices: readonly AwsServiceUse[];
}

export interface Asset {
  readonly name: string;
  readonly source: SourceSpan;
  readonly zone: string;
  /** ranges of the asset inside a site zone or a template; empty = the whole zone */
  readonly cidrs: readonly Prefix[];
  /** names of services that it offers */
  readonly serves: readonly string[];
  /** assets of the same zone that may call every service it serves */
  readonly from: readonly string[];
  /** ids in a template that the asset is bound to (`at.template` zones only) */
  readonly template?: { readonly subnets: readonly string[]; readonly securityGroups: readonly string[] };
}

export interface AwsServiceUse {
  /** endpoint name without the `com.amazonaws.<region>.` prefix: kms, logs, secretsmanager, s3, dynamodb, ecr.api … */
  readonly service: string;
  readonly source: SourceSpan;
  /** named resources the zone may use (bucket or table names); empty = the service's account-scoped default policy */
  readonly resources: readonly string[];
}

/** One end of a conduit. `zone` is a zone's name or `internet`. */
export interface ConduitEnd {
  readonly zone: string;
  /** an asset of that zone; absent = every asset of the zone */
  readonly asset?: string;
  readonly source: SourceSpan;
}

export type Mechanism = 'local' | 'endpoint' | 'transit' | 'inspected' | 'lattice' | 'peering' | 'internet';

export interface Conduit {
  readonly name: string;
  readonly source: SourceSpan;
  /** the initiator */
  readonly from: ConduitEnd;
  /** the responder */
  readonly to: ConduitEnd;
  readonly channels: readonly Channel[];
  readonly via?: Mechanism;
  readonly why?: string;
  readonly who?: string;
  readonly owner?: string;
  readonly approved?: { readonly by: readonly string[]; readonly on?: string; readonly requestedBy?: string };
  /** ISO date on which the conduit must have been looked at again */
  readonly review?: string;
  /** ISO date after which the conduit may no longer exist */
  readonly expires?: string;
  /** why a clear-text service may carry patient data here */
  readonly cleartext?: { readonly why: string; readonly source: SourceSpan };
  readonly ticket?: string;
}

/** One permitted communication. */
export interface Channel {
  /** catalogue name, or the spelled-out form `tcp/8443` */
  readonly service: string;
  readonly source: SourceSpan;
  readonly traffic: readonly ServiceTraffic[];
  readonly encrypted: boolean;
  readonly encryption?: ServiceEncryption;
}

export interface ServiceTraffic {
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'icmpv6';
  /** destination ports; for icmp and icmpv6 absent, meaning echo */
  readonly ports?: PortRange;
}

/**
 * `negotiated`: the same port carries clear text or TLS, and the server must insist; Cordon cannot see that it does.
 * `unknown`: spelled out, and nobody says.
 */
export type ServiceEncryption = 'always' | 'negotiated' | 'never' | 'unknown';

/** A catalogue entry: what a name such as `dicom-tls` stands for. */
export interface Service {
  readonly name: string;
  readonly description: string;
  readonly traffic: readonly ServiceTraffic[];
  readonly encrypted: boolean;
  /** how sure `encrypted` is; absent = as the flag says */
  readonly encryption?: ServiceEncryption;
  /** false for services that by their nature carry none, such as dns and ntp; absent = true */
  readonly carriesPatientData?: boolean;
  /** where the ports come from: an IANA name, a vendor document */
  readonly reference?: string;
  /** the estate's own entry, if it is not the built-in catalogue's */
  readonly source?: SourceSpan;
}

/** Which zones an obligation speaks of. Every given field must match. `zones` may hold `internet`. */
export interface ZoneSelector {
  readonly source: SourceSpan;
  readonly zones?: readonly string[];
  readonly data?: readonly DataClass[];
  readonly trust?: readonly Trust[];
  /** everything there is, `internet` and sites included */
  readonly any?: true;
  readonly not?: readonly string[];
}

/** Nothing that `from` selects may reach what `to` selects. */
export interface Obligation {
  /** stable and self-explaining: its own name, or one made from what it says */
  readonly id: string;
  readonly source: SourceSpan;
  readonly from: ZoneSelector;
  readonly to: ZoneSelector;
  /** `anything`: also by hopping through permitted conduits; `direct`: only without a hop */
  readonly through: 'direct' | 'anything';
  /** gates: zones at which a hop is allowed; a path that passes one of them does not count */
  readonly except: readonly string[];
  readonly why?: string;
  /** `written` in the zone file, or `standing`: it always holds */
  readonly origin: 'written' | 'standing';
}
