/**
 * What a certificate file holds: plain data, canonical, so that the same network and claims give the same bytes. A set is
 * the number of a line of `sets`, the table that `base/net/packet-table.ts` explains: 0 is no packet, 1 every one. A place
 * in the network is written as `locationKey` does: `leaving:Net.AppSubnet1`. Ends and senders are meant by number, from 0.
 */
import { z } from 'zod';
import type { Sha256 } from '../network';

const number = z.int().nonnegative();
const id = z.string();

const end = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['interface', 'site', 'external']), id }),
  z.strictObject({ kind: z.literal('subnet'), id, securityGroups: z.array(id).readonly().optional() }),
  z.strictObject({ kind: z.literal('internet') }),
  z.strictObject({ kind: z.literal('aws-service'), name: z.string(), endpoint: id.optional() }),
]);

/** For each place where packets enter the network, whatever they are: the set of them that may be at each place after it. */
const hops = z.record(id, z.record(id, number));

/** What one end sends (`sent` at most): by leg, and by place where packets enter, the set that contains what does. */
const sender = z.strictObject({ from: end, sent: number.optional(), legs: z.record(id, z.record(id, number)) });

/**
 * A zone, or hosts of one that are taken over together. `receivers`: ends, and where one holds several places (a site) the
 * packets that are for this one. `hosts`: names of the zone's hosts; absent: they are one. `vacant`: interfaces of balancers
 * where nothing is registered yet; what will be answers as called (an assumption), so a call counts where they hear it.
 */
const place = z.strictObject({
  kind: z.enum(['zone', 'hosts']),
  senders: z.array(number),
  receivers: z.array(z.union([z.tuple([number]), z.tuple([number, number])])),
  hosts: z.array(z.string()).optional(),
  vacant: z.array(id).optional(),
});

const claim = z.discriminatedUnion('kind', [
  /** nothing of `forbidden` that `from` (or every zone but those) sends is received by `to` */
  z.strictObject({
    kind: z.literal('isolation'),
    id: z.string(),
    from: z.union([z.string(), z.strictObject({ allBut: z.array(z.string()) })]),
    to: z.string(),
    forbidden: number,
  }),
  /** none of `from` reaches `to` (but itself), also by taking hosts over, all of them in `taken`; nobody starts afresh in `stops` */
  z.strictObject({
    kind: z.literal('never'),
    id: z.string(),
    from: z.array(z.string()),
    to: z.array(z.string()),
    stops: z.union([z.array(z.string()), z.literal('everywhere')]),
    taken: z.array(z.string()),
  }),
]);

export const CertificatesShape = z.strictObject({
  cordon: z.literal(1),
  kind: z.literal('certificates'),
  /** SHA-256 of the canonical form of the network that this speaks of */
  network: z.string(),
  sets: z.array(z.string()),
  hops,
  /** the same for answers, where a firewall remembers what they answer */
  answers: hops,
  ends: z.array(end),
  senders: z.array(sender),
  places: z.record(z.string(), place),
  claims: z.array(claim),
  /** SHA-256 of everything above: what was changed after it was made is not what was made */
  seal: z.string(),
});

export type Certificates = z.infer<typeof CertificatesShape>;
export type Claim = Certificates['claims'][number];

/** Throws a RangeError where it is no certificate. */
export function parseCertificates(input: unknown): Certificates {
  const { data, error } = CertificatesShape.safeParse(input);
  if (data) return data;
  const [issue] = error.issues;
  throw new RangeError(`${issue?.path.join('.') || 'the document'}: ${issue?.message ?? 'not understood'}`);
}

/** The same before a file is written and after it is parsed, which puts everything in the order of the shapes above. */
export function sealOf(file: Omit<Certificates, 'seal'>, sha256: Sha256): string {
  const { cordon, kind, network, sets, hops, answers, ends, senders, places, claims } = file;
  return sha256(JSON.stringify([cordon, kind, network, sets, hops, answers, ends, senders, places, claims]));
}
