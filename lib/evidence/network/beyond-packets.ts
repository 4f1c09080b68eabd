/**
 * What no packet shows: data behind AWS's APIs, and the ways that AWS opens past routes and gateways.
 */
import type { PortRange, Prefix } from '../../base/net';
import type { Noun, ResourceId } from './noun';
import type { Value } from './value';

/** A policy document as written, intrinsics resolved where they can be. */
export type PolicyDocument = Readonly<Record<string, unknown>>;

/** Stands in names and ARNs for the account where nothing says which it is. */
export const UNKNOWN_ACCOUNT = 'unknown-account';

/**
 * What holds data behind an AWS API (SEMANTICS 38). No packet shows who calls: the policies of the resource are its gates,
 * beside that of the endpoint by which the call comes.
 */
export interface DataStore extends Noun {
  /** by the name of its endpoint: `s3`, `dynamodb`, `secretsmanager`, `kms` */
  readonly service: string;
  /** the name that the template gives it; absent: AWS picks one */
  readonly name?: Value<string>;
  /** every policy that is attached to it */
  readonly policies: readonly Value<PolicyDocument>[];
  /** AWS refuses to let everyone in, whatever a policy says */
  readonly refusesEveryone: Value<boolean>;
  /** an access control list lets everyone in */
  readonly openToEveryone: Value<boolean>;
  /** access points whose own policies let others in, where a policy of it leaves that to them */
  readonly openPoints?: readonly ResourceId[];
  /** it answers the internet itself, in no VPC, whatever zones there are */
  readonly isOutside?: boolean;
  /** it has indexes, which policies name apart from it */
  readonly indexed?: boolean;
  /** IAM alone says who may call it: its policy can only let in more, and asks nobody where a call comes from */
  readonly byIam?: true;
  /** whom beyond its account its policy lets at what is in it, where IAM alone decides of the rest */
  readonly opensTo?: string;
  /** where AWS keeps the same data beside: what has policies of its own, by id, or what no template shows */
  readonly copies?: readonly DataCopy[];
}

/** `id`: another data store of the model; absent: something that no template shows, and that `says` names. */
export interface DataCopy {
  readonly id?: ResourceId;
  /** its name, where no template shows it */
  readonly name?: string;
  readonly says: string;
}

/**
 * Data that AWS itself takes from one place to another, past every packet: a replica, a backup, an integration. What it
 * takes from, and takes to, are things with an interface, data stores, or what either stands for (a file system).
 */
export interface DataTransfer extends Noun {
  /** in the words of a verdict: `it is replicated to us-east-1` */
  readonly says: string;
  /** absent: `fromUnseen`, else anything of the account */
  readonly from?: readonly ResourceId[];
  /** takes only what a zone names: whatever else the same service carries is too common to be a zone's data */
  readonly ofNamed?: true;
  /** something of a service, by the name of its endpoint, that no template shows; absent name: any of it */
  readonly fromUnseen?: { readonly service: string; readonly name?: string };
  /** empty: what no template shows */
  readonly to: readonly ResourceId[];
  /** what it takes to, by the service's prefix in ARNs and by name, where no template shows it */
  readonly unseen?: { readonly service: string; readonly name: string };
}

/** Where a bridge ends: something with an interface, or addresses in a VPC. */
export type BridgeEnd =
  | { readonly kind: 'interface'; readonly id: ResourceId }
  | { readonly kind: 'address'; readonly vpc: ResourceId; readonly cidr: Value<Prefix> };

/**
 * A way that AWS opens past routes and gateways (SEMANTICS 35, 36): what is at `from` may be carried to `to`. Who is let
 * through is decided by what no packet shows, unless it is `open`.
 */
export interface Bridge extends Noun {
  /** what it does, in the words of a verdict */
  readonly reason: string;
  /** the internet, or every host of these VPCs */
  readonly from: 'internet' | readonly ResourceId[];
  readonly to: readonly BridgeEnd[];
  /** what it carries; absent: anything */
  readonly channels?: readonly BridgeChannel[];
  /** the addresses that the groups at `to` see; absent: no group is asked */
  readonly seenAs?: readonly Prefix[];
  /** it asks nobody who calls: whoever is at `from` gets through */
  readonly open: boolean;
  /** what of the way in a template shows; absent: nothing that could be followed */
  readonly entry?: BridgeEntry;
  /** what `to` sends on to, and nothing else; absent: whatever it reaches */
  readonly beyond?: readonly BridgeEnd[];
}

export interface BridgeChannel {
  readonly protocols: readonly number[];
  /** as it arrives */
  readonly ports: Value<PortRange>;
  /** as clients send it, where that is known */
  readonly sentTo?: Value<PortRange>;
}

/** How clients get onto a bridge of VPC Lattice. */
export interface BridgeEntry {
  /** somebody is asked who calls, which no packet shows */
  readonly asksWho: boolean;
  readonly by: /** at its own `addresses`, past every route table; `groups`, if any, filter who calls */
    | { readonly kind: 'association'; readonly groups: readonly ResourceId[]; readonly addresses: readonly Prefix[] }
    /** by the interface of an endpoint */
    | { readonly kind: 'endpoint'; readonly interface: ResourceId };
}
