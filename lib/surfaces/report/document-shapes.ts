/**
 * The JSON documents of the command line, said once: the published JSON Schemas are generated from these shapes, and
 * tests hold real output against them. Objects are loose: fields are added freely, never renamed (CONTRACTS).
 */
import { z } from 'zod';
import { CertificatesShape } from '../../evidence/certificate';

const Verdict = z.enum(['proved', 'violated', 'unknown']);
const FlowVerdict = z.enum(['reachable', 'blocked', 'unknown']);
const Port = z.int().min(0).max(65535);
const PortRanges = z.array(z.tuple([Port, Port])).describe('inclusive ranges');
const IsoDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

export const DiagnosticShape = z.looseObject({
  code: z.string().regex(/^[A-Z][A-Z0-9_]*$/),
  severity: z.enum(['error', 'warning']),
  message: z.string(),
  help: z.string().optional(),
  file: z.string().optional(),
  line: z.int().min(1).optional(),
  column: z.int().min(1).optional(),
});

/** What any command prints with `--json` where its input cannot be used, or where it failed itself. */
export const FailureShape = z.looseObject({
  cordon: z.literal(1),
  diagnostics: z.array(DiagnosticShape).min(1),
});

const Hop = z.looseObject({
  location: z.string(),
  resource: z.string(),
  decision: z.enum([
    'sent',
    'allowed',
    'denied',
    'routed',
    'dropped',
    'translated',
    'forwarded',
    'delivered',
    'unknown',
  ]),
  reason: z.string(),
  rule: z.string().optional(),
});

const ShownFlow = z.looseObject({
  protocol: z.string(),
  source: z.string(),
  sourcePort: Port,
  destination: z.string(),
  destinationPort: Port,
});

const UnknownUse = z.looseObject({ resource: z.string(), reason: z.string(), parameters: z.array(z.string()) });

const ClaimShape = z.looseObject({
  id: z.string(),
  kind: z.enum(['isolation', 'service', 'never', 'governance']),
  verdict: Verdict,
  says: z.string().describe('one plain sentence: what is claimed'),
  from: z.string().optional().describe('zone, or zone/asset'),
  to: z.string().optional(),
  conduit: z.string().optional(),
  source: z.looseObject({ file: z.string(), line: z.int().min(1), column: z.int().min(1) }),
  holdsFor: z
    .looseObject({
      declared: Verdict.describe('between interfaces that the templates create'),
      potential: Verdict.describe('for whatever may be launched later'),
    })
    .optional()
    .describe('of isolation: the verdict is the graver of the two'),
  counterexample: z
    .looseObject({
      flow: ShownFlow,
      hops: z.array(Hop),
      chain: z
        .array(z.looseObject({ from: z.string(), to: z.string(), flow: ShownFlow, hops: z.array(Hop) }))
        .optional(),
    })
    .optional()
    .describe('a concrete packet that refutes the claim, replayed'),
  because: z.array(z.string()),
  fix: z.string().optional(),
});

const Place = { file: z.string(), line: z.int().min(1), column: z.int().min(1) };

const SingleEdit = z.looseObject({
  resource: z.string(),
  kind: z.enum(['public-address', 'gateway', 'route', 'transit-gateway', 'security-group', 'network-acl', 'firewall']),
  what: z.string().describe('what would be written there'),
});

const LatentShape = z.looseObject({
  from: z.string(),
  to: z.string(),
  level: z.enum(['warning', 'note']).describe('note: rules are all that stops it, and one more would let it pass'),
  says: z.string(),
  edit: SingleEdit,
  also: z.array(z.string()).describe('resources at which an edit of the same kind would open the same pair'),
  flow: ShownFlow.describe('a packet that would then flow, replayed'),
  hops: z.array(Hop),
  source: z.looseObject(Place),
  zones: z.array(z.looseObject({ zone: z.string(), ...Place })).describe('the lines that declare the two'),
});

export const VerifyShape = z.looseObject({
  cordon: z.literal(1),
  estate: z.string(),
  asOf: IsoDate,
  verdict: Verdict,
  claims: z.array(ClaimShape),
  reach: z.array(
    z.looseObject({
      from: z.string(),
      to: z.string(),
      channels: z.array(z.looseObject({ protocol: z.string(), ports: PortRanges })),
    }),
  ),
  blastRadius: z.array(z.looseObject({ zone: z.string(), reaches: z.array(z.string()) })),
  binding: z.array(
    z.looseObject({
      resource: z.string(),
      kind: z.enum(['subnet', 'interface', 'site']),
      zone: z.string(),
      asset: z.string().optional(),
      cidrs: z.array(z.string()),
    }),
  ),
  certificates: z
    .looseObject({
      file: z.string(),
      certified: z.int().describe('claims that the file shows'),
      without: z
        .array(z.looseObject({ claim: z.string(), because: z.string() }))
        .describe('proved claims that it does not'),
    })
    .optional()
    .describe('with --certificates'),
  unknowns: z.array(UnknownUse),
  latent: z.array(LatentShape).describe('undeclared paths that are one edit away; they change no verdict').optional(),
  warnings: z.array(z.string()),
  assumptions: z.array(z.string()),
  statistics: z.looseObject({
    resources: z.int().min(0),
    locations: z.int().min(0),
    milliseconds: z.record(z.string(), z.number().min(0)),
  }),
  diagnostics: z.array(DiagnosticShape).describe('warnings about the zone files, the plan and the templates'),
});

const Direction = z.looseObject({ verdict: FlowVerdict, hops: z.array(Hop) });

export const ExplainShape = z.looseObject({
  from: z.string(),
  to: z.string(),
  protocol: z.union([z.string(), z.int().min(0).max(255)]),
  port: Port.optional(),
  sourcePort: Port.optional(),
  verdict: FlowVerdict,
  forward: Direction.extend({ ports: PortRanges }),
  reply: Direction,
  blockers: z.array(z.looseObject({ resource: z.string(), kind: z.string(), reason: z.string() })),
  oneEditAway: SingleEdit.optional().describe('of a blocked flow, asked alone: the one edit that would let it pass'),
  unknowns: z.array(UnknownUse),
  parameters: z.array(z.string()),
});

export const ValidateShape = z.looseObject({
  cordon: z.literal(1),
  estate: z.string(),
  valid: z.boolean(),
  zones: z.int().min(0).optional(),
  conduits: z.int().min(0).optional(),
  obligations: z.int().min(0).optional(),
  diagnostics: z.array(DiagnosticShape),
});

const Cidr = z.string().describe('an address range');

export const PlanShape = z.looseObject({
  cordon: z.literal(1),
  estate: z.string(),
  region: z.string(),
  availabilityZones: z.int().min(1),
  vpcs: z.array(
    z.looseObject({
      name: z.string(),
      shared: z.boolean(),
      cidr: Cidr,
      zones: z.array(z.string()),
      subnetGroups: z.array(z.looseObject({ key: z.string(), role: z.string(), cidr: Cidr, subnets: z.array(Cidr) })),
      securityGroups: z.array(
        z.looseObject({
          key: z.string(),
          rules: z.array(
            z.looseObject({
              direction: z.enum(['ingress', 'egress']),
              protocol: z.string(),
              conduits: z.array(z.string()),
              description: z.string(),
            }),
          ),
        }),
      ),
    }),
  ),
  conduits: z.array(z.looseObject({ name: z.string(), mechanism: z.string(), because: z.string() })),
  assumptions: z.array(z.string()),
  quotas: z.array(
    z.looseObject({ quota: z.string(), what: z.string(), subject: z.string(), used: z.number(), limit: z.number() }),
  ),
  cost: z.looseObject({
    asOf: z.string(),
    currency: z.string(),
    region: z.string(),
    monthly: z.number(),
    lines: z.array(
      z.looseObject({ item: z.string(), quantity: z.number(), unitPrice: z.number(), monthly: z.number() }),
    ),
  }),
});

/** `init` writes an estate of one's own, or, with `--from`, proposes a zone file for templates that there are. */
export const InitShape = z.union([
  z.looseObject({
    cordon: z.literal(1),
    profile: z.string(),
    files: z.array(z.string()).min(1).describe('what was written'),
  }),
  z.looseObject({
    cordon: z.literal(1),
    text: z.string().describe('the proposed zone file'),
    zones: z.int().min(1),
    conduits: z.int().min(0),
    findings: z.array(z.string()).describe('what `verify` will report as violated, because no conduit can say it'),
    output: z.string().optional().describe('the file that holds it now'),
  }),
]);

/** The file that `cordon verify --certificates` writes; docs/certificates.md says how it is read. */
export const CertificateFileShape = z.looseObject({
  inputs: z.looseObject({ region: z.string().optional(), parameters: z.array(z.string()).optional() }),
  certificates: CertificatesShape,
});

const EndOfPlace = z.looseObject({ end: z.string(), packets: z.array(z.string()).optional().describe('absent: all') });

export const CertificateCheckShape = z.looseObject({
  cordon: z.literal(1),
  verdict: Verdict,
  problems: z.array(z.string()).describe('why the certificates prove nothing; empty: every claim is proved'),
  claims: z.array(
    z.looseObject({
      kind: z.enum(['isolation', 'never']),
      id: z.string(),
      forbidden: z.array(z.string()).describe('packets that are never received, as lines of text'),
    }),
  ),
  places: z
    .record(
      z.string(),
      z.looseObject({
        kind: z.enum(['zone', 'hosts']),
        sends: z.array(EndOfPlace),
        receives: z.array(EndOfPlace),
        hosts: z.array(z.string()).optional(),
        vacant: z.array(z.string()).optional(),
      }),
    )
    .describe('what the names of the claims mean, in the words of the network'),
  notUnderstood: z.array(z.string()).describe('what nobody models, so that no certificate speaks of it'),
});

/** File under `schema/` → what it describes. */
export const PUBLISHED_SHAPES = {
  'verify.schema.json': { title: 'cordon verify --json', shape: VerifyShape },
  'explain.schema.json': { title: 'cordon explain --json', shape: ExplainShape },
  'plan.schema.json': { title: 'cordon plan --json', shape: PlanShape },
  'validate.schema.json': { title: 'cordon validate --json', shape: ValidateShape },
  'init.schema.json': { title: 'cordon init --json', shape: InitShape },
  'certificates.schema.json': {
    title: 'the file that cordon verify --certificates writes',
    shape: CertificateFileShape,
  },
  'certificate-check.schema.json': { title: 'cordon certificate check --json', shape: CertificateCheckShape },
  'failure.schema.json': { title: 'any command --json, where the input cannot be used', shape: FailureShape },
} as const;

export function publishedSchema(name: keyof typeof PUBLISHED_SHAPES): string {
  const { title, shape } = PUBLISHED_SHAPES[name];
  return `${JSON.stringify({ title, ...z.toJSONSchema(shape, { target: 'draft-2020-12' }) }, undefined, 2)}\n`;
}
