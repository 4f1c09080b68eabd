import { hasErrors, renderDiagnostic } from '../../../lib/base/diagnostics';
import { readEstate, ZONE_DIAGNOSTICS } from '../../../lib/intent/zones';
import { MAX_DEPTH, MAX_FILE_LENGTH, MAX_FILES, MAX_NODES } from '../../../lib/intent/zones/limits';
import { HEADER, type MarkedFile, marked, ZONES } from './marked';

/** What is wrong · the code it draws · the file, with the words that the caret stands under · what the help must say */
type Case = readonly [claim: string, code: string, text: string, help?: RegExp];

const zone = (at: string) =>
  `${HEADER}sites: { campus: { connect: none } }\nvpcs: { core: { size: 24 } }\nzones:\n  home: { at: { vpc: core, size: 26 } }\n  away: { at: { site: campus, cidr: 10.1.0.0/24 } }\n  new:\n    at: ${at}\n`;
const conduit = (body: string) => `${HEADER}${ZONES}conduits:\n  new: ${body}\n`;
const conduitNamed = (name: string, body: string) => `${HEADER}${ZONES}conduits:\n  ${name}: ${body}\n`;
const never = (body: string) => `${HEADER}${ZONES}never:\n  - ${body}\n`;
const allow = (services: string) => conduit(`{ from: lab, to: portal, allow: ${services} }`);
const wide = (count: number) =>
  Array.from({ length: count }, (_, index) => `  z${index}: { at: { vpc: { size: 16 } } }`).join('\n');

const THE_TEXT: readonly Case[] = [
  ['a bracket that is never closed', 'YAML_SYNTAX', `${HEADER}zones: { a: { at: vpc }⟦⟧`, /brackets/],
  [
    'a key twice in a mapping',
    'YAML_DUPLICATE_KEY',
    `${HEADER}zones:\n  a: { at: vpc }\n  ⟦a⟧: { at: vpc }\n`,
    /rename/,
  ],
  ['a key that is a number', 'YAML_KEY_NOT_TEXT', `${HEADER}zones:\n  ⟦101⟧: { at: vpc }\n`, /quotes/],
  ['a key that is a list', 'YAML_KEY_NOT_TEXT', `${HEADER}zones:\n  ? ⟦[a, b]⟧\n  : { at: vpc }\n`, /quotes/],
  ['a key with a meaning of its own', 'YAML_KEY_RESERVED', `${HEADER}zones:\n  ⟦__proto__⟧: { at: vpc }\n`],
  [
    'an alias without an anchor',
    'YAML_ALIAS_UNKNOWN',
    `${HEADER}zones:\n  a: { at: vpc, purpose: ⟦*nowhere⟧ }\n`,
    /&nowhere/,
  ],
];

const THE_SHAPE: readonly Case[] = [
  ['a mistyped section', 'KEY_UNKNOWN', `${HEADER}⟦zonez⟧: {}\n`, /did you mean `zones`/],
  [
    'a mistyped key of a zone',
    'KEY_UNKNOWN',
    `${HEADER}zones:\n  a: { at: vpc, ⟦purpos⟧: x }\n`,
    /did you mean `purpose`/,
  ],
  [
    'a mistyped key of an asset',
    'KEY_UNKNOWN',
    `${HEADER}zones:\n  a: { at: vpc, assets: { x: { ⟦servs⟧: https } } }\n`,
    /`serves`/,
  ],
  [
    'a key that is like no other',
    'KEY_UNKNOWN',
    `${HEADER}zones:\n  a: { at: vpc, ⟦colour⟧: red }\n`,
    /expected `assets`, `at`/,
  ],
  ['a zone that says nothing', 'KEY_MISSING', `${HEADER}zones:\n  ⟦a⟧:\n`, /fill it/],
  ['a zone without a place', 'KEY_MISSING', `${HEADER}zones:\n  ⟦a⟧: { data: phi }\n`, /say where the zone lives/],
  ['a conduit without an initiator', 'KEY_MISSING', conduitNamed('⟦new⟧', '{ to: ehr, allow: https }'), /initiator/],
  ['a list where text belongs', 'VALUE_TYPE', `${HEADER}zones:\n  a: { at: vpc, purpose: ⟦[x]⟧ }\n`, /text/],
  ['a zone that is text', 'VALUE_TYPE', `${HEADER}zones:\n  a: ⟦hello⟧\n`, /mapping/],
  ['a number among services', 'VALUE_TYPE', allow('[https, ⟦443⟧]'), /text, or a mapping/],
  [
    'a gate that is only switched on',
    'VALUE_TYPE',
    `${HEADER}zones:\n  a: { at: vpc, gate: ⟦true⟧ }\n`,
    /text, or a mapping/,
  ],
  [
    'a place that is a number inside',
    'VALUE_TYPE',
    `${HEADER}zones:\n  a: { at: { outside: { cidr: [⟦5⟧] } } }\n`,
    /text/,
  ],
  [
    'an asset that says only what is unknown',
    'KEY_UNKNOWN',
    `${HEADER}${ZONES.replace('{ serves: [https] }, database', '{ ⟦colour⟧: red }, database')}conduits: { x: { from: lab, to: ehr/app, allow: https } }\n`,
  ],
  [
    'an asset that is text',
    'VALUE_TYPE',
    `${HEADER}${ZONES.replace('{ serves: [https] }, database', '⟦web⟧, database')}conduits: { x: { from: lab, to: ehr/app, allow: https } }\n`,
    /mapping/,
  ],
  ['an empty item of a list', 'VALUE_TYPE', `${HEADER}never:\n  -⟦⟧\n`],
  ['a trust that does not exist', 'VALUE_INVALID', `${HEADER}zones:\n  a: { at: vpc, trust: ⟦trustd⟧ }\n`, /`trusted`/],
  [
    'a data class that does not exist',
    'VALUE_INVALID',
    `${HEADER}zones:\n  a: { at: vpc, data: [none, ⟦ph1⟧] }\n`,
    /`phi`/,
  ],
  ['a version that does not exist', 'VALUE_INVALID', 'cordon: ⟦2⟧\nestate: x\n', /`1`/],
  ['seven availability zones', 'VALUE_INVALID', `${HEADER}availabilityZones: ⟦7⟧\n`, /at most 6/],
  ['a region that does not exist', 'VALUE_INVALID', 'cordon: 1\nestate: x\nregion: ⟦London⟧\n', /eu-west-2/],
  ['a name with a space', 'NAME_INVALID', `${HEADER}zones:\n  ⟦my zone⟧: { at: vpc }\n`, /letters/],
  ['a zone called internet', 'NAME_RESERVED', `${HEADER}zones:\n  ⟦internet⟧: { at: vpc }\n`],
  [
    'a day that does not exist',
    'DATE_INVALID',
    conduit('{ from: lab, to: portal, allow: https, review: ⟦2027-02-29⟧ }'),
    /YYYY-MM-DD/,
  ],
  [
    'a day written as Americans do',
    'DATE_INVALID',
    conduit('{ from: lab, to: portal, allow: https, approved: { by: x, on: ⟦10/01/2026⟧ } }'),
  ],
  [
    'an approval from the future',
    'DATE_IN_FUTURE',
    conduitNamed('⟦new⟧', '{ from: lab, to: portal, allow: https, approved: { by: x, on: 2026-12-24 } }'),
  ],
  [
    'no region',
    'REGION_DEFAULTED',
    'cordon: 1\n⟦estate⟧: x\naddressing: { pool: 10.0.0.0/12 }\nzones: { a: { at: vpc } }\n',
    /region/,
  ],
  ['no pool', 'POOL_DEFAULTED', 'cordon: 1\n⟦estate⟧: x\nregion: eu-west-2\nzones: { a: { at: vpc } }\n', /pool/],
];

const NAMES: readonly Case[] = [
  ['a mistyped zone', 'ZONE_UNKNOWN', conduit('{ from: ⟦wardd⟧, to: ehr, allow: https }'), /did you mean `ward`/],
  ['a site in place of a zone', 'ZONE_UNKNOWN', conduit('{ from: ⟦campus⟧, to: ehr, allow: https }'), /is a site/],
  ['a mistyped zone in an obligation', 'ZONE_UNKNOWN', never('{ from: ⟦gest⟧, to: { data: phi } }'), /`guest`/],
  ['a mistyped asset', 'ASSET_UNKNOWN', conduit('{ from: ward, to: ⟦ehr/ap⟧, allow: https }'), /`app`/],
  [
    'an asset of the internet',
    'ASSET_UNKNOWN',
    conduit('{ from: ⟦internet/x⟧, to: portal, allow: https }'),
    /`internet`/,
  ],
  [
    'an asset that admits a stranger',
    'ASSET_UNKNOWN',
    zone('vpc\n    assets: { db: { serves: postgres, from: ⟦app⟧ } }'),
    /same zone/,
  ],
  ['a mistyped service', 'SERVICE_UNKNOWN', allow('[⟦htps⟧]'), /`https`/],
  ['a bare port', 'SERVICE_UNKNOWN', allow('["⟦8443⟧"]').replace('"⟦8443⟧"', '⟦"8443"⟧'), /`tcp\/8443`/],
  ['a mistyped site', 'SITE_UNKNOWN', zone('{ site: ⟦campas⟧, cidr: 10.9.0.0/24 }'), /`campus`/],
  ['a mistyped shared VPC', 'VPC_UNKNOWN', zone('{ vpc: ⟦cor⟧ }'), /`core`/],
  [
    'a mistyped AWS service',
    'AWS_SERVICE_UNKNOWN',
    zone('vpc\n    awsServices: [kms, ⟦secretmanager⟧]'),
    /`secretsmanager`/,
  ],
];

const PLACES: readonly Case[] = [
  ['two places', 'PLACEMENT_CONFLICT', zone('{ vpc: core, ⟦site⟧: campus }'), /one place/],
  ['a size at a site', 'PLACEMENT_CONFLICT', zone('{ site: campus, cidr: 10.9.0.0/24, ⟦size⟧: 24 }'), /`cidr`/],
  ['two blocks for one VPC', 'PLACEMENT_CONFLICT', zone('{ vpc: {}, cidr: ⟦[10.9.0.0/24, 10.10.0.0/24]⟧ }')],
  ['no place', 'PLACEMENT_EMPTY', zone('{ cidr: 10.9.0.0/24 }').replace('    at:', '    ⟦at⟧:'), /`vpc`, `site`/],
  [
    'a site zone without addresses',
    'PLACEMENT_EMPTY',
    zone('{ site: campus }').replace('    at:', '    ⟦at⟧:'),
    /cidr/,
  ],
  ['a template zone bound to nothing', 'PLACEMENT_EMPTY', zone('{ ⟦template⟧: {} }'), /`vpcs`/],
  ['a VPN without a gateway', 'SITE_GATEWAY_MISSING', `${HEADER}sites: { a: { ⟦connect⟧: vpn } }\n`, /gateway/],
  ['a gateway without an address', 'GATEWAY_INVALID', `${HEADER}sites: { a: { gateway: { ip: ⟦fw.example.org⟧ } } }\n`],
  ['an AS number of zero', 'GATEWAY_INVALID', `${HEADER}sites: { a: { gateway: { ip: 203.0.113.1, asn: ⟦0⟧ } } }\n`],
  ['a range that is none', 'CIDR_INVALID', zone('{ site: campus, cidr: ⟦10.9.0.0/33⟧ }')],
  ['an address in place of a range', 'CIDR_INVALID', zone('{ site: campus, cidr: ⟦10.9.0.7⟧ }'), /10\.9\.0\.7\/32/],
  ['host bits', 'CIDR_HOST_BITS', zone('{ site: campus, cidr: ⟦10.9.0.7/24⟧ }'), /`10\.9\.0\.0\/24`/],
  ['host bits in IPv6', 'CIDR_HOST_BITS', zone('{ site: campus, cidr: ⟦2001:db8::7/64⟧ }'), /`2001:db8::\/64`/],
  ['an IPv6 VPC', 'CIDR_FAMILY', zone('{ vpc: { cidr: ⟦2001:db8::/56⟧ } }'), /IPv4/],
  ['two zones on the same addresses', 'ZONE_CIDR_OVERLAP', zone('{ site: campus, cidr: ⟦10.1.0.128/25⟧ }')],
  ['a site inside the pool', 'ZONE_CIDR_OVERLAP', zone('{ site: campus, cidr: ⟦10.65.0.0/24⟧ }')],
  ['a pool inside a site', 'ZONE_CIDR_OVERLAP', zone('{ site: campus, cidr: ⟦10.64.0.0/10⟧ }')],
  ['a VPC on the addresses of a site', 'ZONE_CIDR_OVERLAP', zone('{ vpc: { cidr: ⟦10.1.0.0/24⟧ } }')],
  [
    'a pool inside a VPC',
    'ZONE_CIDR_OVERLAP',
    zone('{ vpc: { cidr: ⟦10.64.0.0/16⟧ } }').replace('10.64.0.0/12', '10.64.0.0/20'),
  ],
  ['half of the internet', 'CIDR_TOO_WIDE', zone('{ outside: ⟦128.0.0.0/1⟧ }'), /internet/],
  [
    'a part of a VPC whose block is not fixed',
    'ZONE_CIDR_OUTSIDE_VPC',
    zone('{ vpc: core, cidr: ⟦10.9.0.0/26⟧ }'),
    /vpcs\.core/,
  ],
  [
    'an asset outside its zone',
    'ASSET_CIDR_OUTSIDE_ZONE',
    zone('{ site: campus, cidr: 10.9.0.0/24 }\n    assets: { a: { cidr: ⟦10.9.1.0/26⟧ } }'),
  ],
  [
    'an asset with addresses in a VPC',
    'ASSET_CIDR_MISPLACED',
    zone('vpc\n    assets: { a: { cidr: ⟦10.9.1.0/26⟧ } }'),
    /lays out/,
  ],
  [
    'an asset bound to a template, its zone not',
    'ASSET_TEMPLATE_MISPLACED',
    zone('vpc\n    assets: { a: { ⟦template⟧: { subnets: S } } }'),
  ],
  ['an asset that admits itself', 'ASSET_FROM_SELF', zone('vpc\n    assets: { a: { serves: https, from: ⟦a⟧ } }')],
  [
    'an asset that serves nothing to others',
    'ASSET_FROM_WITHOUT_SERVES',
    zone('vpc\n    assets: { b: {}, a: { from: ⟦b⟧ } }'),
  ],
  ['a VPC larger than AWS makes them', 'VPC_SIZE_RANGE', zone('{ vpc: { size: ⟦15⟧ } }'), /\/16/],
  ['a VPC smaller than AWS makes them', 'VPC_SIZE_RANGE', zone('{ vpc: { size: ⟦29⟧ } }'), /\/28/],
  ['a size that the block denies', 'VPC_SIZE_MISMATCH', zone('{ vpc: { size: ⟦22⟧, cidr: 10.9.0.0/24 } }')],
  [
    'zones that overfill their VPC',
    'VPC_TOO_SMALL',
    zone('{ vpc: core, size: 24 }').replace('{ core:', '{ ⟦core⟧:'),
    /size: 23/,
  ],
  [
    'two availability zones in a /28',
    'VPC_TOO_SMALL',
    zone('{ vpc: { size: 28 } }').replace('  new:', '  ⟦new⟧:'),
    /size: 27/,
  ],
  [
    'VPCs that overfill the pool',
    'POOL_TOO_SMALL',
    `${HEADER.replace('pool: ', '⟦pool⟧: ')}zones:\n${wide(17)}\n`,
    /\/11/,
  ],
  ['a shared VPC without zones', 'VPC_UNUSED', `${HEADER}vpcs: { ⟦core⟧: { size: 20 } }\n`],
  ['a site without zones', 'SITE_UNUSED', `${HEADER}sites: { ⟦campus⟧: {} }\n`],
  ['a gate without a reason', 'GATE_WITHOUT_REASON', zone('vpc\n    ⟦gate⟧: {}'), /gate: </],
];

const CONDUITS: readonly Case[] = [
  ['a zone to itself', 'CONDUIT_SELF', conduit('{ from: ehr, to: ⟦ehr⟧, allow: https }')],
  ['a zone to its own asset', 'CONDUIT_SELF', conduit('{ from: ehr, to: ⟦ehr/app⟧, allow: https }')],
  ['no services', 'CONDUIT_NO_SERVICE', conduitNamed('⟦new⟧', '{ from: ward, to: ehr }'), /no silent any/],
  ['an empty list of services', 'CONDUIT_NO_SERVICE', conduit('{ from: ward, to: ehr, ⟦allow⟧: [] }'), /no silent any/],
  ['any', 'CONDUIT_ANY_SERVICE', allow('⟦any⟧'), /there is no any/],
  ['all', 'CONDUIT_ANY_SERVICE', allow('[⟦all⟧]')],
  ['tcp without ports', 'CONDUIT_ANY_SERVICE', allow('[⟦tcp⟧]')],
  ['every port, spelled out', 'CONDUIT_ANY_SERVICE', allow('[⟦tcp/0-65535⟧]')],
  ['every port, in one list', 'CONDUIT_ANY_SERVICE', allow('[⟦"tcp/1-1023,1024-65535"⟧]')],
  [
    'every port, in two services',
    'CONDUIT_ANY_SERVICE',
    conduit('{ from: ward, to: ehr, ⟦allow⟧: [tcp/1-1023, tcp/1024-65535] }'),
    /there is no any/,
  ],
  ['a protocol without ports', 'CONDUIT_ANY_SERVICE', allow('[⟦{ protocol: udp }⟧]')],
  [
    'what the responder does not serve',
    'CONDUIT_NOT_SERVED',
    conduit('{ from: ward, to: ehr/app, allow: [https, ⟦dicom-tls⟧] }'),
    /add `dicom-tls` to `serves` of asset `app`/,
  ],
  [
    'inside one site',
    'CONDUIT_SAME_SITE',
    conduitNamed('⟦new⟧', '{ from: ward, to: guest, allow: https }'),
    /assumption/,
  ],
  [
    'from a site to the internet',
    'CONDUIT_OUTSIDE_AWS',
    conduitNamed('⟦new⟧', '{ from: guest, to: internet, allow: https }'),
    /assumption/,
  ],
  [
    'patient data in clear text',
    'CONDUIT_CLEARTEXT_PHI',
    conduit('{ from: lab, to: ward, allow: ⟦dicom⟧ }'),
    /`dicom-tls`/,
  ],
  [
    'spelled out, encrypted or not',
    'CONDUIT_ENCRYPTION_UNKNOWN',
    conduit('{ from: lab, to: ward, allow: ⟦tcp/8443⟧ }'),
    /encrypted: true/,
  ],
  [
    'spelled out, not encrypted',
    'CONDUIT_CLEARTEXT_PHI',
    conduit('{ from: lab, to: ward, allow: ⟦{ protocol: tcp, port: 81, encrypted: false }⟧ }'),
  ],
  [
    'a partner without ranges',
    'CONDUIT_OUTSIDE_WITHOUT_RANGES',
    `${HEADER}zones: { a: { at: vpc }, b: { at: outside } }\nconduits: { x: { from: ⟦b⟧, to: a, allow: https } }\n`,
    /ranges/,
  ],
  [
    'local between two VPCs',
    'CONDUIT_VIA_IMPOSSIBLE',
    conduitNamed('⟦new⟧', '{ from: lab, to: portal, allow: https, via: local }'),
  ],
  [
    'an endpoint to a site',
    'CONDUIT_VIA_IMPOSSIBLE',
    conduitNamed('⟦new⟧', '{ from: lab, to: ward, allow: https, via: endpoint }'),
  ],
  [
    'udp through an endpoint',
    'CONDUIT_VIA_IMPOSSIBLE',
    conduitNamed('⟦new⟧', '{ from: lab, to: ehr, allow: dns, via: endpoint }'),
  ],
  [
    'transit to the internet',
    'CONDUIT_VIA_IMPOSSIBLE',
    conduitNamed('⟦new⟧', '{ from: internet, to: portal, allow: https, via: transit }'),
  ],
  [
    'a site without a connection',
    'CONDUIT_VIA_IMPOSSIBLE',
    `${zone('vpc')}conduits: { ⟦x⟧: { from: away, to: new, allow: https } }\n`,
  ],
  ['a port of 70000', 'PORT_INVALID', allow('[⟦tcp/70000⟧]'), /65535/],
  ['a range backwards', 'PORT_INVALID', allow('[⟦tcp/9000-8000⟧]'), /8000-9000/],
  ['port before protocol', 'PORT_INVALID', allow('[⟦443/tcp⟧]'), /`tcp\/443`/],
  ['a port of icmp', 'PORT_INVALID', allow('[⟦icmp/8⟧]'), /`icmp`/],
  ['a mistyped protocol', 'PROTOCOL_INVALID', allow('[⟦tpc/443⟧]'), /`tcp`/],
  [
    'a service that says nothing',
    'SERVICE_INVALID',
    `${HEADER}services: { ⟦mine⟧: { description: x } }\n`,
    /protocol: tcp/,
  ],
  ['a name of the catalogue', 'SERVICE_REDEFINED', `${HEADER}services: { ⟦https⟧: { protocol: tcp, port: 444 } }\n`],
  ['a service that nobody uses', 'SERVICE_UNUSED', `${HEADER}services: { ⟦mine⟧: { protocol: tcp, port: 444 } }\n`],
];

const OBLIGATIONS: readonly Case[] = [
  [
    'an exception that is no gate',
    'NEVER_EXCEPT_NOT_GATE',
    never('{ from: internet, to: { data: phi }, except: [portal, ⟦lab⟧] }'),
    /gate: <why>/,
  ],
  ['an obligation about nobody', 'NEVER_SELECTS_NOTHING', never('{ from: ⟦{ data: safety }⟧, to: ehr }')],
  [
    'untrusted to patient data',
    'CONDUIT_CONTRADICTS_NEVER',
    conduitNamed('⟦new⟧', '{ from: guest, to: ehr/app, allow: https }'),
    /gate/,
  ],
  [
    'the internet to patient data',
    'CONDUIT_CONTRADICTS_NEVER',
    conduitNamed('⟦new⟧', '{ from: internet, to: ehr/app, allow: https }'),
  ],
  [
    'patient data to the internet',
    'CONDUIT_CONTRADICTS_NEVER',
    conduitNamed('⟦new⟧', '{ from: ehr, to: internet, allow: https }'),
  ],
  [
    'what the estate itself forbids',
    'CONDUIT_CONTRADICTS_NEVER',
    `${conduitNamed('⟦new⟧', '{ from: lab, to: ehr/app, allow: https }')}never: [{ from: lab, to: ehr }]\n`,
  ],
];

const CASES = { THE_TEXT, THE_SHAPE, NAMES, PLACES, CONDUITS, OBLIGATIONS };

function diagnose(files: readonly MarkedFile[]) {
  return readEstate(files, { today: '2026-11-23' });
}

for (const [group, cases] of Object.entries(CASES)) {
  describe(group.toLowerCase().replace('_', ' '), () => {
    test.each(cases.map(([claim, code, text, help]) => [claim, code, text, help ?? /./] as const))(
      '%s draws %s',
      (_claim, code, text, help) => {
        const file = marked(text);
        const { model, diagnostics } = diagnose([file]);
        const found = diagnostics.filter((diagnostic) => diagnostic.code === code);
        const shown = diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, () => file.text)).join('\n');
        expect({ shown, count: found.length }).toEqual({ shown, count: 1 });
        expect(found[0]?.span).toEqual({ ...file.mark, length: Math.max(1, file.mark?.length ?? 1) });
        expect(found[0]?.help).toMatch(help);
        expect(model === undefined).toBe(hasErrors(diagnostics));
        // a mistake draws its own diagnostic and no other error
        expect(diagnostics.filter(({ severity }) => severity === 'error').map((diagnostic) => diagnostic.code)).toEqual(
          found[0]?.severity === 'error' ? [code] : [],
        );
      },
    );
  });
}

describe('files that are refused', () => {
  const nested = (depth: number) => `${HEADER}zones: ${'['.repeat(depth)}${']'.repeat(depth)}\n`;
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\n${'bcdefghij'
    .split('')
    .map((name, index) => `${name}: &${name} [${Array(10).fill(`*${'abcdefghij'[index]}`).join(',')}]`)
    .join('\n')}\n`;
  const refused: readonly (readonly [claim: string, code: string, files: () => MarkedFile[]])[] = [
    ['no file at all', 'ESTATE_NO_FILES', () => []],
    [
      'too many files',
      'ESTATE_TOO_LARGE',
      () => Array.from({ length: MAX_FILES + 1 }, (_, index) => marked(HEADER, `${index}.yaml`)),
    ],
    ['a huge file', 'YAML_FILE_TOO_LARGE', () => [marked(`#${'x'.repeat(MAX_FILE_LENGTH)}`)]],
    ['too many values', 'YAML_TOO_MANY_NODES', () => [marked(`[${'0,'.repeat(MAX_NODES + 1)}]`)]],
    ['deep nesting', 'YAML_TOO_DEEP', () => [marked(nested(MAX_DEPTH + 1))]],
    ['very deep nesting', 'YAML_TOO_DEEP', () => [marked(nested(100_000))]],
    [
      'deep nesting by lines',
      'YAML_TOO_DEEP',
      () => [marked(Array.from({ length: 200 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'))],
    ],
    ['deep nesting by dashes', 'YAML_TOO_DEEP', () => [marked(`a: \n  ${'- '.repeat(10_000)}x`)]],
    ['an alias bomb', 'YAML_ALIAS_BOMB', () => [marked(bomb)]],
    ['an alias to itself', 'YAML_ALIAS_BOMB', () => [marked('zones: &a { x: *a }\n')]],
    ['a second document', 'YAML_MULTIPLE_DOCUMENTS', () => [marked(`${HEADER}---\n${HEADER}`)]],
    ['a list in place of a mapping', 'VALUE_TYPE', () => [marked('- a\n- b\n')]],
    ['an estate without a name', 'KEY_MISSING', () => [marked('cordon: 1\n')]],
    ['an estate without a version', 'KEY_MISSING', () => [marked('estate: x\n')]],
    ['a tag of an unknown kind', 'VALUE_TYPE', () => [marked(`${HEADER}zones: !!binary aGVsbG8=\n`)]],
  ];
  test.each(refused)('%s draws %s', (_claim, code, files) => {
    const { model, diagnostics } = diagnose(files());
    expect(model).toBeUndefined();
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toContain(code);
  });

  test('a file that declares nothing draws a warning, and the others still count', () => {
    const { model, diagnostics } = diagnose([marked(HEADER), marked('# nothing yet\n', 'later.yaml')]);
    expect(diagnostics).toMatchObject([{ code: 'FILE_EMPTY', severity: 'warning', span: { file: 'later.yaml' } }]);
    expect(model).toBeDefined();
  });
});

describe('split estates', () => {
  const other = (text: string) => marked(text, 'other.yaml');

  test.each([
    ['zone', `zones: { ⟦lab⟧: { at: vpc } }\n`],
    ['site', `sites: { ⟦campus⟧: {} }\n`],
  ])('a %s that two files declare points at both', (_kind, text) => {
    const file = other(text);
    const { diagnostics } = diagnose([marked(`${HEADER}${ZONES}`), file]);
    expect(diagnostics).toMatchObject([
      { code: 'NAME_DUPLICATE', span: file.mark, related: [{ span: { file: 'estate.yaml' } }] },
    ]);
  });

  test('a statement about the whole estate in two files points at both', () => {
    const file = other('⟦region⟧: eu-west-1\n');
    const { diagnostics } = diagnose([marked(`${HEADER}${ZONES}`), file]);
    expect(diagnostics).toMatchObject([
      { code: 'DECLARATION_DUPLICATE', span: file.mark, related: [{ span: { file: 'estate.yaml', line: 3 } }] },
    ]);
  });

  test('a contradiction between two files points at both', () => {
    const conduits = marked('conduits:\n  ⟦visitors⟧: { from: lab, to: ehr/app, allow: https }\n', 'a.yaml');
    const obligations = marked('never:\n  - { from: lab, to: ehr }\n', 'b.yaml');
    const { diagnostics } = diagnose([marked(`${HEADER}${ZONES}`), conduits, obligations]);
    expect(diagnostics).toMatchObject([
      {
        code: 'CONDUIT_CONTRADICTS_NEVER',
        span: conduits.mark,
        related: [{ span: { file: 'b.yaml', line: 2, column: 5 } }],
      },
    ]);
  });
});

test('all mistakes come in one run, those of the shape and those of the meaning', () => {
  const text = `${HEADER}zones:
  a: { at: { vpc: { size: 15 } }, purpos: x, data: [phi] }
  b: { at: { site: nowhere, cidr: 10.1.1.1/24 }, trust: high }
conduits:
  one: { from: a, to: c, allow: [tcp/70000, htps], review: soon, colour: red }
  two: { from: internet, to: a, allow: https }
  three: { from: a, to: b, allow: [http], via: teleport }
`;
  const codes = readEstate([{ file: 'x.yaml', text }]).diagnostics.map(({ code }) => code);
  expect(codes.sort()).toEqual(
    [
      'CIDR_HOST_BITS',
      'CONDUIT_CLEARTEXT_PHI',
      'CONDUIT_CONTRADICTS_NEVER',
      'DATE_INVALID',
      'KEY_UNKNOWN',
      'KEY_UNKNOWN',
      'PORT_INVALID',
      'SERVICE_UNKNOWN',
      'SITE_UNKNOWN',
      'VALUE_INVALID',
      'VALUE_INVALID',
      'VPC_SIZE_RANGE',
      'ZONE_UNKNOWN',
    ].sort(),
  );
});

test('every code is shown by a case', () => {
  const shown = new Set(Object.values(CASES).flatMap((cases) => cases.map(([, code]) => code)));
  const elsewhere = ['NAME_DUPLICATE', 'DECLARATION_DUPLICATE', 'FILE_EMPTY', 'ESTATE_NO_FILES', 'ESTATE_TOO_LARGE'];
  const refused = [
    'YAML_FILE_TOO_LARGE',
    'YAML_TOO_MANY_NODES',
    'YAML_TOO_DEEP',
    'YAML_ALIAS_BOMB',
    'YAML_MULTIPLE_DOCUMENTS',
  ];
  expect([...shown, ...elsewhere, ...refused].sort()).toEqual(Object.keys(ZONE_DIAGNOSTICS).sort());
});

test('messages are lower case and without a full stop, and errors say how to mend them', () => {
  const all = Object.values(CASES).flatMap((cases) =>
    cases.flatMap(([, , text]) => diagnose([marked(text)]).diagnostics),
  );
  for (const { message, help } of all) {
    expect(message).toMatch(/^[a-z`\d].*[^.]$/s);
    expect(help).toBeTruthy();
  }
});
