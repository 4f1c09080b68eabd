/**
 * A certificate says: of the packets that `from` sends, none in a claim's `forbidden` set is ever received by any of the
 * claim's ends; and shows it by an invariant. Plain data, canonical: the same network and claims give the same bytes.
 *
 * The invariant. What `from` starts is a chain of legs; on a leg addresses do not change, and a NAT gateway, a balancer,
 * an endpoint or an appliance starts the next one. For each leg and each place the certificate holds a set that contains
 * every packet that may be there. `check.ts` says what makes that a proof.
 */
import { z } from 'zod';
import type { NetworkModel } from '../network';

/** As lower-case hexadecimal. An argument, because the pure floors import nothing of Node's. */
export type Sha256 = (text: string) => string;

const id = z.string();
const subnet = z.string();
const path = z.enum([
  'local',
  'peering',
  'transit-gateway',
  'inspected',
  'inspected-transit-gateway',
  'gateway',
  'unknown',
]);
const hidden = z.literal(true).optional();

const end = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('interface'), id }),
  z.strictObject({ kind: z.literal('site'), id }),
  z.strictObject({ kind: z.literal('external'), id }),
  z.strictObject({ kind: z.literal('subnet'), id, securityGroups: z.array(id).readonly().optional() }),
  z.strictObject({ kind: z.literal('internet') }),
  z.strictObject({ kind: z.literal('aws-service'), name: z.string(), endpoint: id.optional() }),
]);

const location = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('leaving'), subnet }),
  z.strictObject({ kind: z.literal('door'), subnet, hidden }),
  z.strictObject({ kind: z.enum(['routing', 'delivered']), subnet, path }),
  z.strictObject({ kind: z.literal('gateway-ingress'), gateway: id, vpc: id }),
  z.strictObject({ kind: z.literal('peering-ingress'), vpc: id, hidden }),
  z.strictObject({ kind: z.enum(['attachment', 'attachment-egress']), id, hidden }),
  z.strictObject({ kind: z.literal('firewall'), id, subnet }),
  z.strictObject({ kind: z.literal('internet'), gateway: id }),
  z.strictObject({ kind: z.enum(['nat', 'site', 'external', 'gateway-endpoint', 'forwarder']), id }),
]);

/** An index into the file's `sets`. */
const setIndex = z.int().nonnegative();
const invariant = z.array(z.strictObject({ at: location, packets: setIndex }));

/** Who put the packets of a leg on the network. `preserving`: a balancer (by its interface) that keeps its client's address. */
const legOrigin = z.union([
  end,
  z.strictObject({ kind: z.literal('nat'), id }),
  z.strictObject({ kind: z.literal('preserving'), id }),
]);

const leg = z.strictObject({
  origin: legOrigin,
  /** the one interface that a balancer forwards to; absent: whoever has the address */
  intended: id.optional(),
  invariant,
  /** where it helps: for a place at which the leg ends, where the answers to its tcp packets may be */
  replies: z.array(z.strictObject({ to: location, invariant })).optional(),
});

/** `to`: an index into the file's `ends`: none of them receives anything that is forbidden. */
const claim = z.strictObject({ id: z.string(), to: z.int().nonnegative(), forbidden: setIndex });

const certificate = z.strictObject({
  from: end,
  /** only these packets, as `from` sends them; absent: all */
  sent: setIndex.optional(),
  claims: z.array(claim),
  legs: z.array(leg),
});

const certificates = z.strictObject({
  cordon: z.literal(1),
  kind: z.literal('isolation-certificates'),
  /** SHA-256 of the canonical form of the network that this speaks of */
  network: z.string(),
  /** packet sets, each once, as lines of text (`packet-text.ts`) */
  sets: z.array(z.array(z.string())),
  /** lists of ends that claims speak of, each once */
  ends: z.array(z.array(end)),
  certificates: z.array(certificate),
  /** SHA-256 of the canonical form of everything above: what was changed after it was made is not what was made */
  seal: z.string(),
});

export type Certificates = z.infer<typeof certificates>;
export type Certificate = z.infer<typeof certificate>;
export type CertificateLeg = z.infer<typeof leg>;
export type CertificateClaim = z.infer<typeof claim>;
export type Invariant = z.infer<typeof invariant>;
export type LegOrigin = z.infer<typeof legOrigin>;

/** What a stranger hands in, or why it is no certificate. */
export function parseCertificates(input: unknown): Certificates | { readonly malformed: string } {
  const parsed = certificates.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return { malformed: `${issue?.path.join('.') || 'the document'}: ${issue?.message ?? 'not understood'}` };
}

/** The same text for equal values: keys sorted, nothing undefined, no white space. */
export function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, part]) => `${JSON.stringify(key)}:${canonicalText(part)}`).join(',')}}`;
}

export function sealOf(file: Omit<Certificates, 'seal'>, sha256: Sha256): string {
  const { cordon, kind, network, sets, ends, certificates } = file;
  return sha256(canonicalText({ cordon, kind, network, sets, ends, certificates }));
}

/** Where nouns come from (file, line, tags) decides no packet, and neither does the order in which they are listed. */
export function hashNetwork(network: NetworkModel, sha256: Sha256): string {
  const nouns = Object.entries(network).map(([kind, value]): [string, unknown] => [
    kind,
    Array.isArray(value) ? value.map((noun) => canonicalText(withoutOrigins(noun))).sort() : value,
  ]);
  return sha256(canonicalText(Object.fromEntries(nouns)));
}

function withoutOrigins(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutOrigins);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== 'origin' && key !== 'resourceCount');
  return Object.fromEntries(entries.map(([key, part]) => [key, withoutOrigins(part)]));
}
