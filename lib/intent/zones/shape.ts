/**
 * The shape of a zone file, said once: zod schemas with descriptions. What the parser checks, what editors complete
 * from (`schema/zones.schema.json`) and the types of a ZoneDocument all come from here.
 *
 * Shape only. Whether names exist, ranges overlap or a conduit contradicts an obligation is not its business.
 */
import { z } from 'zod';

export const NAME_PATTERN = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

const Name = z
  .string()
  .regex(NAME_PATTERN)
  .describe('A name: letters, digits, `-` and `_`, at most 64, beginning with a letter or digit');

const Text = z.string();
const Cidr = z.string().describe('An address range, e.g. `10.130.4.0/26` or `2001:db8:12::/48`');
const IsoDate = z.string().describe('A day, YYYY-MM-DD');

/** One item may be written without the brackets. */
const oneOrMore = <T extends z.ZodType>(item: T) => z.union([item, z.array(item)]);

const Size = z.int().describe('The prefix length of the block, 16–28: 22 is a block of 1,024 addresses');

export const DATA_CLASSES = ['none', 'internal', 'deidentified', 'phi', 'phi-bulk', 'safety', 'secrets'] as const;
export const TRUSTS = ['untrusted', 'restricted', 'trusted'] as const;
export const MECHANISMS = ['local', 'endpoint', 'transit', 'inspected', 'lattice', 'peering', 'internet'] as const;

const Data = z.enum(DATA_CLASSES);
const TrustLevel = z.enum(TRUSTS);

const Site = z
  .strictObject({
    connect: z
      .enum(['vpn', 'none'])
      .optional()
      .describe('How the site reaches AWS (default: vpn where a gateway is given)'),
    gateway: z
      .strictObject({
        ip: z.string().describe('The public IPv4 address of the customer gateway'),
        asn: z.int().optional().describe('Its BGP AS number (default 65000)'),
      })
      .optional()
      .describe('The customer gateway at the end of the VPN'),
    filtersSources: z
      .boolean()
      .optional()
      .describe(
        'The site vouches that it lets out only its own ranges. Without it, it may send from any source address',
      ),
    purpose: Text.optional().describe('What the site is'),
  })
  .describe('A campus or clinic outside AWS');

const SharedVpc = z
  .strictObject({
    size: Size.optional(),
    cidr: Cidr.optional().describe('A block fixed by hand; otherwise one is taken from the pool'),
    purpose: Text.optional().describe('Why these zones share a VPC'),
  })
  .describe('A VPC that several zones share');

const TemplateBinding = z
  .strictObject({
    vpcs: oneOrMore(Text).optional().describe('VPCs, by `LogicalId` or `Stack.LogicalId`'),
    subnets: oneOrMore(Text).optional().describe('Subnets, by `LogicalId` or `Stack.LogicalId`'),
    securityGroups: oneOrMore(Text).optional().describe('Security groups, by `LogicalId` or `Stack.LogicalId`'),
    cidrs: oneOrMore(Cidr).optional().describe('Address ranges'),
  })
  .describe('CloudFormation that Cordon did not make');

const At = z
  .union([
    z.enum(['vpc', 'outside']),
    z.strictObject({
      vpc: z
        .union([Name, z.strictObject({ size: Size.optional(), cidr: Cidr.optional() })])
        .optional()
        .describe('A VPC of its own (`{ size: 22 }`), or the name of a VPC that several zones share'),
      size: Size.optional().describe('In a shared VPC: the size of the part that the zone takes'),
      site: Name.optional().describe('The name of a site'),
      cidr: oneOrMore(Cidr).optional().describe('The address range at the site, or in the VPC'),
      cidrs: oneOrMore(Cidr).optional().describe('The address ranges at the site'),
      outside: z
        .union([
          oneOrMore(Cidr),
          z.strictObject({ cidrs: oneOrMore(Cidr).optional(), cidr: oneOrMore(Cidr).optional() }),
        ])
        .optional()
        .describe('Named ranges on the internet: a partner, a SaaS'),
      template: TemplateBinding.optional(),
    }),
  ])
  .describe('Where the zone lives: one of `vpc`, `site`, `outside`, `template`');

const Asset = z
  .strictObject({
    purpose: Text.optional().describe('What the asset does'),
    serves: oneOrMore(Text).optional().describe('Services that it offers, by name in the catalogue or as `tcp/8443`'),
    from: oneOrMore(Name).optional().describe('Assets of the same zone that may call what it serves'),
    cidr: oneOrMore(Cidr).optional().describe('Its addresses inside a site zone or template zone'),
    cidrs: oneOrMore(Cidr).optional().describe('Its addresses inside a site zone or template zone'),
    template: TemplateBinding.pick({ subnets: true, securityGroups: true })
      .optional()
      .describe('What it is bound to, in a template zone'),
  })
  .describe('Something in a zone that conduits can name');

const Zone = z
  .strictObject({
    purpose: Text.optional().describe('What the zone is for, in a sentence'),
    owner: Text.optional().describe('The team that answers for it'),
    at: At,
    trust: TrustLevel.optional().describe('How far its hosts are trusted (default restricted)'),
    data: oneOrMore(Data).optional().describe('What it holds (default none)'),
    gate: z
      .union([Text, z.strictObject({ why: Text.optional() })])
      .optional()
      .describe('Why obligations may let a path pass through this zone'),
    assets: z.record(Name, Asset.optional()).optional().describe('Its assets, by name'),
    awsServices: oneOrMore(z.union([Text, z.record(Text, oneOrMore(Text).optional())]))
      .optional()
      .describe('AWS services it uses through private endpoints: `kms`, or `{ s3: [bucket] }` to pin resources'),
  })
  .describe('A group of assets with the same protection needs');

const Ports = z.union([z.int(), Text]).describe('A port, or a range such as `8000-8100`');
const Protocol = Text.describe('`tcp`, `udp`, `icmp` or `icmpv6`');

const SpelledService = z.strictObject({
  protocol: Protocol,
  port: oneOrMore(Ports).optional(),
  ports: oneOrMore(Ports).optional(),
  encrypted: z.boolean().optional().describe('Whether what crosses is encrypted'),
});

const Conduit = z
  .strictObject({
    from: Text.describe('The initiator: `zone`, `zone/asset` or `internet`'),
    to: Text.describe('The responder: `zone`, `zone/asset` or `internet`'),
    allow: oneOrMore(z.union([Text, SpelledService])).describe(
      'Services by name (`dicom-tls`), or spelled out (`tcp/8443`)',
    ),
    via: z.enum(MECHANISMS).optional().describe('The mechanism, where the narrowest that works is not wanted'),
    why: Text.optional().describe('Why the hospital needs it, in a sentence that a clinician understands'),
    who: Text.optional().describe('Whose identity uses it'),
    owner: Text.optional().describe('The team that answers for it'),
    approved: z
      .union([
        oneOrMore(Text),
        z.strictObject({
          by: oneOrMore(Text).optional(),
          on: IsoDate.optional(),
          requestedBy: Text.optional().describe('Never the one who approves'),
        }),
      ])
      .optional()
      .describe('Who approved it, and when'),
    review: IsoDate.optional().describe('The day by which it must have been looked at again'),
    expires: IsoDate.optional().describe('The day after which it may no longer exist'),
    ticket: z.union([Text, z.int()]).optional().describe('Where the decision is recorded'),
    cleartext: z
      .union([Text, z.strictObject({ why: Text })])
      .optional()
      .describe('Why patient data may cross in clear text'),
  })
  .describe('One permitted way between two zones');

const Service = z
  .strictObject({
    description: Text.optional(),
    protocol: Protocol.optional(),
    port: oneOrMore(Ports).optional(),
    ports: oneOrMore(Ports).optional(),
    traffic: oneOrMore(Text).optional().describe('Several protocols: `[tcp/3478, udp/3478]`'),
    encrypted: z.boolean().optional().describe('Whether what crosses is encrypted (default: no)'),
    reference: Text.optional().describe('Where the ports come from'),
  })
  .describe("A service of this estate's own");

const Selector = z
  .union([
    oneOrMore(Name),
    z.strictObject({
      zones: oneOrMore(Name).optional().describe('These zones; `internet` is one'),
      data: oneOrMore(Data).optional().describe('Zones that hold any of these; `phi` includes `phi-bulk`'),
      trust: oneOrMore(TrustLevel).optional().describe('Zones of these trusts'),
      not: oneOrMore(Name).optional().describe('But not these'),
    }),
  ])
  .describe('A zone, a list of zones, `internet`, `anything`, or what zones have in common');

const Never = z
  .strictObject({
    name: Name.optional(),
    from: Selector,
    to: Selector,
    through: z
      .enum(['anything', 'direct'])
      .optional()
      .describe('`anything` (default): also by hopping through permitted conduits; `direct`: only without a hop'),
    except: oneOrMore(Name).optional().describe('Gates: a path that passes one of them does not count'),
    why: Text.optional(),
  })
  .describe('Nothing in `from` may ever reach anything in `to`');

const NamedConduit = z.strictObject({ name: Name.optional(), ...Conduit.shape });

const header = {
  cordon: z.literal(1).optional().describe('The version of the zone language'),
  estate: Name.optional().describe('The name of the estate; in one file only'),
  region: z.string().optional().describe('The AWS region, e.g. `eu-west-2`'),
  availabilityZones: z
    .int()
    .min(1)
    .max(6)
    .optional()
    .describe('How many availability zones each VPC zone spans (default 2)'),
  addressing: z
    .strictObject({ pool: Cidr.optional().describe('Every VPC gets a block of it; adding a zone never moves another') })
    .optional()
    .describe('Where VPC blocks come from'),
  never: z.array(Never).optional().describe('What must never be possible, whatever is declared'),
};

export const ZoneFileShape = z
  .strictObject({
    ...header,
    sites: z.record(Name, Site.optional()).optional().describe('Campuses and clinics, by name'),
    vpcs: z.record(Name, SharedVpc.optional()).optional().describe('VPCs that several zones share, by name'),
    zones: z.record(Name, Zone).optional().describe('Zones, by name'),
    conduits: z
      .union([z.record(Name, Conduit), z.array(NamedConduit)])
      .optional()
      .describe('The only ways between zones, by name'),
    services: z.record(Name, Service).optional().describe('Services that the catalogue lacks, by name'),
  })
  .describe('A Cordon zone file. An estate is one or more of them in a folder');

const ZoneDraftShape = Zone.partial();
const ConduitDraftShape = Conduit.partial();
const NamedConduitDraftShape = NamedConduit.partial();
const NeverDraftShape = Never.partial();

/** The same with nothing required: what is left of a file once its mistakes are reported and taken out. */
export const ZoneFileDraftShape = z.strictObject({
  ...ZoneFileShape.shape,
  never: z.array(NeverDraftShape).optional(),
  zones: z.record(Name, ZoneDraftShape).optional(),
  conduits: z.union([z.record(Name, ConduitDraftShape), z.array(NamedConduitDraftShape)]).optional(),
});

export type ZoneFileDraft = z.output<typeof ZoneFileDraftShape>;
export type SiteDraft = z.output<typeof Site>;
export type SharedVpcDraft = z.output<typeof SharedVpc>;
export type ZoneDraft = z.output<typeof ZoneDraftShape>;
export type AssetDraft = z.output<typeof Asset>;
export type TemplateDraft = z.output<typeof TemplateBinding>;
export type ConduitDraft = z.output<typeof ConduitDraftShape>;
export type SpelledServiceDraft = z.output<typeof SpelledService>;
export type ServiceDraft = z.output<typeof Service>;
export type SelectorDraft = z.output<typeof Selector>;
export type NeverDraft = z.output<typeof NeverDraftShape>;
