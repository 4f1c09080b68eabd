/**
 * Every code that reading an estate can report, with its severity and what it means.
 * A closed list: the reference in `docs/zone-language.md` is tested against it.
 */
import type { RelatedSpan, Severity, SourceSpan } from '../../base/diagnostics';
import { compareDiagnostics, type Diagnostic } from '../../base/diagnostics';

interface CodeMeaning {
  readonly severity: Severity;
  readonly meaning: string;
}

const error = (meaning: string): CodeMeaning => ({ severity: 'error', meaning });
const warning = (meaning: string): CodeMeaning => ({ severity: 'warning', meaning });

export const ZONE_DIAGNOSTICS = {
  // the text
  YAML_SYNTAX: error('the text is not YAML'),
  YAML_DUPLICATE_KEY: error('a mapping has the same key twice'),
  YAML_KEY_NOT_TEXT: error('a key is a number, a date, a list … instead of text'),
  YAML_KEY_RESERVED: error('a key that JavaScript gives a meaning of its own, such as `__proto__`'),
  YAML_MULTIPLE_DOCUMENTS: error('a file holds more than one YAML document'),
  YAML_ALIAS_UNKNOWN: error('an alias names an anchor that is not above it'),
  YAML_ALIAS_BOMB: error('aliases expand to more values than an estate can need'),
  YAML_TOO_DEEP: error('values are nested deeper than an estate can need'),
  YAML_TOO_MANY_NODES: error('a file holds more values than an estate can need'),
  YAML_FILE_TOO_LARGE: error('a file is larger than an estate can need'),
  ESTATE_TOO_LARGE: error('the files of an estate are, taken together, too many or too large'),
  ESTATE_NO_FILES: error('there is no zone file'),
  FILE_EMPTY: warning('a zone file declares nothing'),
  // the shape
  KEY_UNKNOWN: error('a key that the zone language does not have'),
  KEY_MISSING: error('a key that must be there is not'),
  VALUE_TYPE: error('a value is of the wrong kind, such as a list where text belongs'),
  VALUE_INVALID: error('a value is of the right kind but not one of those allowed'),
  NAME_INVALID: error('a name holds characters that names cannot have'),
  NAME_RESERVED: error('a name that the zone language gives a meaning of its own'),
  NAME_DUPLICATE: error('two declarations of the same kind have the same name, in one file or in two'),
  DECLARATION_DUPLICATE: error('a statement about the whole estate is made in two files'),
  DATE_INVALID: error('a date is not a day of the calendar written YYYY-MM-DD'),
  DATE_IN_FUTURE: warning('an approval is dated after today'),
  // defaults that a reader should know of
  REGION_DEFAULTED: warning('no region is given though zones live in VPCs'),
  POOL_DEFAULTED: warning('no address pool is given though zones live in VPCs'),
  // names
  ZONE_UNKNOWN: error('a zone is named that nobody declares'),
  ASSET_UNKNOWN: error('an asset is named that its zone does not declare'),
  SERVICE_UNKNOWN: error('a service is named that neither the catalogue nor the estate declares'),
  SITE_UNKNOWN: error('a site is named that nobody declares'),
  VPC_UNKNOWN: error('a shared VPC is named that nobody declares'),
  AWS_SERVICE_UNKNOWN: warning('an AWS service endpoint that Cordon does not know'),
  // where zones live
  PLACEMENT_CONFLICT: error('`at` says two places, or a key that does not go with the place'),
  PLACEMENT_EMPTY: error('`at` does not say where the zone is'),
  SITE_GATEWAY_MISSING: error('a site is connected by VPN and has no gateway'),
  GATEWAY_INVALID: error('the gateway of a site has no usable address or AS number'),
  CIDR_INVALID: error('the text is not an address range'),
  CIDR_HOST_BITS: error('an address range has bits set behind its prefix'),
  CIDR_FAMILY: error('an IPv6 range where Cordon lays out IPv4'),
  ZONE_CIDR_OVERLAP: error('two declarations claim the same addresses'),
  CIDR_TOO_WIDE: error('a range so wide that it speaks for the internet'),
  ZONE_CIDR_OUTSIDE_VPC: error('a zone of a shared VPC has addresses that the VPC has not'),
  ASSET_CIDR_OUTSIDE_ZONE: error('an asset has addresses that its zone has not'),
  ASSET_CIDR_MISPLACED: error('an asset of a VPC zone has addresses: Cordon lays them out itself'),
  ASSET_TEMPLATE_MISPLACED: error('an asset is bound to a template though its zone is not'),
  ASSET_FROM_SELF: error('an asset names itself under `from`'),
  ASSET_FROM_WITHOUT_SERVES: warning('an asset admits others and serves nothing'),
  VPC_SIZE_RANGE: error('a VPC or subnet block is not between /16 and /28'),
  VPC_SIZE_MISMATCH: error('`size` and `cidr` disagree'),
  VPC_TOO_SMALL: error('the zones of a shared VPC, or the zones of an availability zone, do not fit'),
  POOL_TOO_SMALL: error('the VPC blocks do not fit into the pool'),
  VPC_UNUSED: warning('a shared VPC that no zone lives in'),
  SITE_UNUSED: warning('a site that no zone lives at'),
  GATE_WITHOUT_REASON: error('a zone says that it is a gate and does not say why'),
  // conduits
  CONDUIT_SELF: error('a conduit leads from a zone or asset to itself'),
  CONDUIT_NO_SERVICE: error('a conduit allows nothing'),
  CONDUIT_ANY_SERVICE: error('a conduit allows everything'),
  CONDUIT_NOT_SERVED: warning('the responder does not say that it serves what the conduit allows'),
  CONDUIT_SAME_SITE: warning('a conduit that stays inside one site, where AWS enforces nothing'),
  CONDUIT_OUTSIDE_AWS: warning('a conduit between the outside and a site, which AWS neither carries nor enforces'),
  CONDUIT_OUTSIDE_WITHOUT_RANGES: error(
    'a conduit with an outside zone that has no ranges, so that it would be open to the whole internet',
  ),
  CONDUIT_CLEARTEXT_PHI: error('a clear-text service carries patient data without a stated reason'),
  CONDUIT_ENCRYPTION_UNKNOWN: warning(
    'a spelled-out service carries patient data, and nobody says whether it is encrypted',
  ),
  CONDUIT_VIA_IMPOSSIBLE: error('the mechanism under `via` cannot carry the conduit'),
  CONDUIT_CONTRADICTS_NEVER: error('a conduit allows what an obligation forbids'),
  PORT_INVALID: error('a port that does not exist, or a range that runs backwards'),
  PROTOCOL_INVALID: error('a protocol that the zone language does not have'),
  SERVICE_INVALID: error('a service does not say what it is on the wire'),
  SERVICE_REDEFINED: warning('the estate gives a name of the catalogue a meaning of its own'),
  SERVICE_UNUSED: warning('a service that no conduit allows and no asset serves'),
  // obligations
  NEVER_EXCEPT_NOT_GATE: error('an obligation excepts a zone that is not a gate'),
  NEVER_SELECTS_NOTHING: warning('an obligation speaks of no zone'),
} as const satisfies Readonly<Record<string, CodeMeaning>>;

export type ZoneDiagnosticCode = keyof typeof ZONE_DIAGNOSTICS;

export interface Notes {
  readonly help?: string;
  readonly related?: readonly RelatedSpan[];
}

/** Collects diagnostics; the code decides the severity. Each (code, place, message) is kept once. */
export class DiagnosticLog {
  readonly #diagnostics = new Map<string, Diagnostic>();

  report(code: ZoneDiagnosticCode, span: SourceSpan | undefined, message: string, notes: Notes = {}): void {
    const diagnostic: Diagnostic = {
      code,
      severity: ZONE_DIAGNOSTICS[code].severity,
      message,
      ...(notes.help === undefined ? {} : { help: notes.help }),
      ...(span === undefined ? {} : { span }),
      ...(notes.related === undefined ? {} : { related: notes.related }),
    };
    this.#diagnostics.set(JSON.stringify([code, span?.file, span?.line, span?.column, message]), diagnostic);
  }

  sorted(): Diagnostic[] {
    return [...this.#diagnostics.values()].sort(compareDiagnostics);
  }
}
