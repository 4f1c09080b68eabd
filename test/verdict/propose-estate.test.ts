/**
 * `cordon init --from`: a zone file for templates that Cordon did not make. What is open becomes a conduit without a
 * reason; what the zone language has no word for stays a violation, and is told beforehand.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { parse } from 'yaml';
import { readNetwork, type TemplateFile } from '../../lib/evidence/template';
import { readEstate } from '../../lib/intent/zones';
import {
  type Claim,
  gatherEvidence,
  type Proposal,
  proposeEstate,
  type VerifyResult,
  verifyEstate,
} from '../../lib/verdict';
import { randomNetwork } from '../property/random-network';

const TODAY = '2026-11-23';
const FIXTURES = path.join(__dirname, '..', 'fixtures');
const SHARED = path.join(__dirname, '..', '..', '..', 'shared', 'templates');

interface Proposed extends Proposal {
  readonly file: ReturnType<typeof parse>;
  readonly verified: VerifyResult;
}

function propose(files: readonly TemplateFile[], parameters: Readonly<Record<string, string>> = {}): Proposed {
  const { network } = readNetwork(files, { region: 'eu-west-2', parameters });
  const proposal = proposeEstate({ network, name: 'adopted', asOf: TODAY, schema: 'zones.schema.json' });
  const { model, diagnostics } = readEstate([{ file: 'zones.yaml', text: proposal.text }], { today: TODAY });
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (!model || errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  const verified = verifyEstate({ model, network, evidence: gatherEvidence(network), asOf: TODAY });
  return { ...proposal, file: parse(proposal.text), verified };
}

function fileOf(file: string): TemplateFile {
  return { stack: path.basename(file).replace(/\.[^.]+$/, ''), file, text: fs.readFileSync(file, 'utf8') };
}

const ingress = (...rules: readonly object[]) => ({ SecurityGroupIngress: rules });
const tcp = (from: number, to: number, peer: object) => ({ IpProtocol: 'tcp', FromPort: from, ToPort: to, ...peer });
const NOTHING_OUT = { SecurityGroupEgress: [{ IpProtocol: 'icmp', FromPort: 8, ToPort: 0, CidrIp: '127.0.0.1/32' }] };

function stack(resources: Readonly<Record<string, readonly [type: string, properties: object]>>): TemplateFile[] {
  const Resources = Object.fromEntries(
    Object.entries(resources).map(([id, [Type, Properties]]) => [id, { Type: `AWS::EC2::${Type}`, Properties }]),
  );
  return [{ stack: 'Net', file: 'net.json', text: JSON.stringify({ Resources }) }];
}

const vpc = (name: string, cidr: string) => ({
  [`${name}Vpc`]: ['VPC', { CidrBlock: `${cidr}.0.0/16` }] as const,
  [`${name}Subnet`]: ['Subnet', { VpcId: { Ref: `${name}Vpc` }, CidrBlock: `${cidr}.1.0/24` }] as const,
});

const group = (vpcName: string, ...parts: readonly object[]) =>
  [
    'SecurityGroup',
    { VpcId: { Ref: `${vpcName}Vpc` }, GroupDescription: 'g', ...Object.assign({}, ...parts) },
  ] as const;

const host = (vpcName: string, ...groups: readonly string[]) =>
  [
    'Instance',
    { SubnetId: { Ref: `${vpcName}Subnet` }, SecurityGroupIds: groups.map((Ref) => ({ Ref })), ImageId: 'ami-1' },
  ] as const;

/** Two VPCs that peer, so that what one group admits decides. */
function peered(...rules: readonly object[]): TemplateFile[] {
  return stack({
    ...vpc('Ward', '10.1'),
    ...vpc('Chart', '10.2'),
    Peering: ['VPCPeeringConnection', { VpcId: { Ref: 'WardVpc' }, PeerVpcId: { Ref: 'ChartVpc' } }],
    WardTable: ['RouteTable', { VpcId: { Ref: 'WardVpc' } }],
    ChartTable: ['RouteTable', { VpcId: { Ref: 'ChartVpc' } }],
    WardUse: ['SubnetRouteTableAssociation', { SubnetId: { Ref: 'WardSubnet' }, RouteTableId: { Ref: 'WardTable' } }],
    ChartUse: [
      'SubnetRouteTableAssociation',
      { SubnetId: { Ref: 'ChartSubnet' }, RouteTableId: { Ref: 'ChartTable' } },
    ],
    ToChart: [
      'Route',
      {
        RouteTableId: { Ref: 'WardTable' },
        DestinationCidrBlock: '10.2.0.0/16',
        VpcPeeringConnectionId: { Ref: 'Peering' },
      },
    ],
    ToWard: [
      'Route',
      {
        RouteTableId: { Ref: 'ChartTable' },
        DestinationCidrBlock: '10.1.0.0/16',
        VpcPeeringConnectionId: { Ref: 'Peering' },
      },
    ],
    WardGroup: group('Ward'),
    ChartGroup: group('Chart', ingress(...rules), NOTHING_OUT),
    WardPc: host('Ward', 'WardGroup'),
    ChartServer: host('Chart', 'ChartGroup'),
  });
}

const violatedIn = ({ verified }: Proposed) =>
  verified.claims.filter(({ kind, verdict }) => kind !== 'governance' && verdict === 'violated').map(({ id }) => id);

describe('a proposal', () => {
  const proposed = propose(
    peered(tcp(443, 443, { CidrIp: '10.1.0.0/16' }), tcp(8000, 8100, { CidrIp: '10.1.1.0/24' })),
  );

  test('has a zone per VPC, bound by the names of the templates', () => {
    expect(proposed.file.zones).toMatchObject({
      ward: { at: { template: { vpcs: ['Net.WardVpc'] } }, trust: 'restricted', data: 'internal' },
      chart: { at: { template: { vpcs: ['Net.ChartVpc'] } } },
    });
  });

  test('has a conduit for what is open, by the name of its service or spelled out, and no reason', () => {
    expect(proposed.file.conduits).toEqual({
      'ward-to-chart': { from: 'ward', to: 'chart', allow: ['https', 'tcp/8000-8100'], why: '' },
    });
    expect(proposed.text).toMatch(/# found: Net.WardPc may send tcp 443, 8000-8100 to Net.ChartServer/);
  });

  test('begins with the line that editors complete from', () => {
    expect(proposed.text.split('\n')[0]).toBe('# yaml-language-server: $schema=zones.schema.json');
  });

  test('verifies, except that nobody has said why', () => {
    expect(violatedIn(proposed)).toEqual([]);
    expect(proposed.findings).toEqual([]);
    const governance = proposed.verified.claims.filter(({ kind }) => kind === 'governance');
    expect(governance.map(({ verdict }) => verdict)).toEqual(['violated']);
  });

  test('is the same for the same templates', () => {
    const files = peered(tcp(443, 443, { CidrIp: '10.1.0.0/16' }));
    expect(propose(files).text).toBe(propose(files).text);
  });

  test('without the conduit, what it declares is a violation: it is not there for nothing', () => {
    const { network } = readNetwork(peered(tcp(443, 443, { CidrIp: '10.1.0.0/16' })), { parameters: {} });
    const { text } = proposeEstate({ network, name: 'a', asOf: TODAY, schema: 's' });
    const { model } = readEstate([{ file: 'z', text: text.slice(0, text.indexOf('conduits:')) }], { today: TODAY });
    if (!model) throw new Error('the shortened file is not valid');
    const { claims } = verifyEstate({ model, network, evidence: gatherEvidence(network), asOf: TODAY });
    expect(claims.find(({ id }) => id === 'isolation/ward/chart')?.verdict).toBe('violated');
  });
});

describe('names and words', () => {
  const rules = [
    tcp(53, 53, { CidrIp: '10.1.0.0/16' }),
    { ...tcp(53, 53, { CidrIp: '10.1.0.0/16' }), IpProtocol: 'udp' },
  ];

  test('a service of several parts is called by its name where all of them are open', () => {
    expect(propose(peered(...rules)).file.conduits['ward-to-chart'].allow).toEqual(['dns']);
    expect(propose(peered(...rules.slice(0, 1))).file.conduits['ward-to-chart'].allow).toEqual(['tcp/53']);
  });

  test('what has a name that says nothing is called after its stack', () => {
    const Resources = {
      VPC: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.2.0.0/16' } },
      Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'VPC' }, CidrBlock: '10.2.1.0/24' } },
    };
    const { file } = propose([{ stack: 'ChartStack.cfn', file: 'chart.json', text: JSON.stringify({ Resources }) }]);
    expect(Object.keys(file.zones)).toEqual(['chart']);
  });

  test('a conduit is called after the assets that it joins', () => {
    const proposed = propose(
      stack({
        ...vpc('Chart', '10.2'),
        AppGroup: group('Chart', { SecurityGroupEgress: [tcp(5432, 5432, { CidrIp: '10.2.0.0/16' })] }),
        DatabaseGroup: group('Chart', ingress(tcp(5432, 5432, { CidrIp: '10.2.0.0/16' })), NOTHING_OUT),
        App: host('Chart', 'AppGroup'),
        Database: host('Chart', 'DatabaseGroup'),
      }),
    );
    expect(Object.keys(proposed.file.conduits)).toEqual(['app-to-database']);
  });
});

describe('what the zone language has no word for', () => {
  test('is no conduit, and is told at the top of the file', () => {
    const proposed = propose(peered({ IpProtocol: '-1', CidrIp: '10.1.0.0/16' }));
    expect(proposed.file.conduits).toBeUndefined();
    expect(violatedIn(proposed)).toEqual(['isolation/ward/chart']);
    expect(proposed.findings).toEqual([expect.stringMatching(/^isolation\/ward\/chart: /)]);
    expect(proposed.text).toMatch(/will report as violated\. [\s\S]*\n# - isolation\/ward\/chart: /);
  });

  test('every port is no range of ports', () => {
    const proposed = propose(peered(tcp(0, 65535, { CidrIp: '10.1.0.0/16' }), tcp(22, 22, { CidrIp: '10.1.0.0/16' })));
    expect(proposed.file.conduits).toBeUndefined();
    expect(proposed.findings).toHaveLength(1);
  });

  test('a conduit beside it says so', () => {
    const all = { IpProtocol: 'udp', FromPort: 0, ToPort: 65535, CidrIp: '10.1.0.0/16' };
    const { file, text } = propose(peered(tcp(22, 22, { CidrIp: '10.1.0.0/16' }), all));
    expect(file.conduits['ward-to-chart'].allow).toEqual(['ssh']);
    expect(text).toMatch(/also open, and no conduit can name it: every udp port/);
  });
});

describe('assets', () => {
  const inside = (peer: object) =>
    stack({
      ...vpc('Chart', '10.2'),
      AppGroup: group('Chart', NOTHING_OUT, {
        SecurityGroupEgress: [tcp(5432, 5432, { CidrIp: '10.2.0.0/16' })],
      }),
      DatabaseGroup: group('Chart', ingress(tcp(5432, 5432, peer)), NOTHING_OUT),
      App: host('Chart', 'AppGroup'),
      Database: host('Chart', 'DatabaseGroup'),
    });

  test('are the groups that hosts wear, with conduits between them', () => {
    const proposed = propose(inside({ SourceSecurityGroupId: { 'Fn::GetAtt': ['AppGroup', 'GroupId'] } }));
    expect(proposed.file.zones.chart.assets).toEqual({
      app: { template: { securityGroups: ['Net.AppGroup'] } },
      database: { template: { securityGroups: ['Net.DatabaseGroup'] }, serves: ['postgres'] },
    });
    expect(Object.values(proposed.file.conduits)).toEqual([
      { from: 'chart/app', to: 'chart/database', allow: ['postgres'], why: '' },
    ]);
    expect(violatedIn(proposed)).toEqual([]);
  });
});

describe('a VPC', () => {
  const acl = (id: string) => ({
    [id]: ['NetworkAcl', { VpcId: { Ref: 'ChartVpc' } }] as const,
    [`${id}Mine`]: [
      'SubnetNetworkAclAssociation',
      { SubnetId: { Ref: 'OtherSubnet' }, NetworkAclId: { Ref: id } },
    ] as const,
  });
  const entry = (Egress: boolean, CidrBlock: string) =>
    [
      'NetworkAclEntry',
      { NetworkAclId: { Ref: 'Acl' }, RuleNumber: 1, Protocol: -1, RuleAction: 'allow', Egress, CidrBlock },
    ] as const;
  const other = ['Subnet', { VpcId: { Ref: 'ChartVpc' }, CidrBlock: '10.2.2.0/24' }] as const;
  const zonesOf = (resources: Parameters<typeof stack>[0]) =>
    Object.values<{ at: object }>(
      propose(stack({ ...vpc('Chart', '10.2'), OtherSubnet: other, ...resources })).file.zones,
    );

  test('is one zone where only groups keep its subnets apart: whoever wears the default group reaches all of it', () => {
    expect(zonesOf({}).map(({ at }) => at)).toEqual([{ template: { vpcs: ['Net.ChartVpc'] } }]);
  });

  test('is split where a network ACL keeps a part of it apart', () => {
    expect(zonesOf(acl('Acl')).map(({ at }) => at)).toEqual([
      { template: { subnets: ['Net.ChartSubnet'] } },
      { template: { subnets: ['Net.OtherSubnet'] } },
    ]);
  });

  test('is one zone where the ACL lets everything through', () => {
    const open = { ...acl('Acl'), In: entry(false, '10.2.0.0/16'), Out: entry(true, '10.2.0.0/16') };
    expect(zonesOf(open).map(({ at }) => at)).toEqual([{ template: { vpcs: ['Net.ChartVpc'] } }]);
  });
});

describe('a VPN connection', () => {
  const CLINIC = path.join(FIXTURES, 'templates', 'vpn-two-sites.yaml');

  test('is a site, found by its gateway, with a zone for its ranges', () => {
    const { file } = propose([fileOf(CLINIC)]);
    expect(Object.values(file.sites)).toContainEqual({
      connect: 'vpn',
      gateway: { ip: '203.0.113.5' },
      filtersSources: true,
    });
    expect(file.zones).toMatchObject({
      'site-203-0-113-5-10-200-0-0-16': { at: { site: 'site-203-0-113-5', cidrs: ['10.200.0.0/16'] } },
    });
  });
});

describe('every template of the fixtures', () => {
  const single = fs
    .readdirSync(path.join(FIXTURES, 'templates'))
    .map((file) => [path.join(FIXTURES, 'templates', file)]);
  const folders = fs.readdirSync(path.join(FIXTURES, 'template-estates')).map((folder) => {
    const at = path.join(FIXTURES, 'template-estates', folder);
    const files = fs.readdirSync(at).filter((file) => !['zones.yaml', 'cases.yaml'].includes(file));
    return files.map((file) => path.join(at, file));
  });
  const shared = !fs.existsSync(SHARED)
    ? []
    : fs
        .readdirSync(SHARED, { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.(json|ya?ml)$/.test(file))
        .map((file) => [path.join(SHARED, file)]);
  const estates = [...single, ...folders, ...shared].filter(([first]) => first !== undefined && !isMacro(first));
  const cases = estates.map((files): [string, string[]] => [
    `${path.basename(path.dirname(files[0] ?? ''))}/${path.basename(files[0] ?? '')}`,
    files,
  ]);
  const clean: string[] = [];

  test.each(cases)(
    '%s: nothing used that has a word is left undeclared, and what is violated was told',
    (name, files) => {
      const proposed = propose(files.map(fileOf));
      for (const claim of proposed.verified.claims) {
        if (claim.verdict !== 'violated' || claim.kind === 'governance') continue;
        expect(proposed.findings).toContainEqual(expect.stringContaining(`${claim.id}: `));
        if (isUsed(claim)) expect(wordless(claim, proposed.verified)).not.toEqual([]);
      }
      if (violatedIn(proposed).length === 0) clean.push(name);
    },
  );

  test('most verify without a violation', () => {
    expect(clean.length).toBeGreaterThan(cases.length / 2);
  });
});

describe('a conduit promises nothing that does not hold', () => {
  const broken = ({ verified }: Proposed) =>
    verified.claims.filter(({ kind, verdict }) => kind === 'service' && verdict === 'violated').map(({ id }) => id);

  test('a balancer that listens on another port than its targets is a way to them', () => {
    const file = path.join(FIXTURES, 'templates', 'combined-inspection.yaml');
    const proposed = propose([fileOf(file)], { Admin: '203.0.113.25/32' });
    expect(broken(proposed)).toEqual([]);
    expect(proposed.file.conduits['outside-203-0-113-25-32-to-spoke-b']).toMatchObject({ allow: ['ssh'] });
  });

  test('what only whoever comes later could use is told as open, and not declared', () => {
    const net = stack({
      ...vpc('Ward', '10.1'),
      Open: ['Subnet', { VpcId: { Ref: 'WardVpc' }, CidrBlock: '10.1.2.0/24', MapPublicIpOnLaunch: true }],
      Gateway: ['InternetGateway', {}],
      Attached: ['VPCGatewayAttachment', { VpcId: { Ref: 'WardVpc' }, InternetGatewayId: { Ref: 'Gateway' } }],
      Table: ['RouteTable', { VpcId: { Ref: 'WardVpc' } }],
      Out: [
        'Route',
        { RouteTableId: { Ref: 'Table' }, DestinationCidrBlock: '0.0.0.0/0', GatewayId: { Ref: 'Gateway' } },
      ],
      Use: ['SubnetRouteTableAssociation', { SubnetId: { Ref: 'Open' }, RouteTableId: { Ref: 'Table' } }],
      Group: group('Ward', ingress(tcp(5439, 5439, { CidrIp: '198.51.100.0/24' })), NOTHING_OUT),
      Host: host('Ward', 'Group'),
    });
    const proposed = propose(net);
    expect(broken(proposed)).toEqual([]);
    expect(proposed.findings.join('\n')).toContain('may send tcp 5439 to anything launched in Net.Open');
  });
});

describe('random networks', () => {
  test.each([0, 12])(
    'with %d % unknown: a proposal is valid, and leaves undeclared only what has no word',
    (unknown) => {
      for (let seed = 1; seed <= 60; seed++) {
        const network = randomNetwork(seed, { unknown });
        const { text } = proposeEstate({ network, name: 'random', asOf: TODAY, schema: 's' });
        const { model } = readEstate([{ file: 'zones.yaml', text }], { today: TODAY });
        if (!model) throw new Error(`seed ${seed}: the proposal is not valid`);
        const verified = verifyEstate({ model, network, evidence: gatherEvidence(network), asOf: TODAY });
        const left = verified.claims.filter(({ id, verdict, from, to }) => {
          const isDeclared = !`${from}${to}`.includes(':');
          return isDeclared && verdict === 'violated' && id.startsWith('isolation/');
        });
        expect({ seed, left: left.filter((claim) => isUsed(claim) && wordless(claim, verified).length === 0) }).toEqual(
          {
            seed,
            left: [],
          },
        );
      }
    },
  );
});

/** A file that no one could read as a template is no estate. */
function isMacro(file: string): boolean {
  return !fs.readFileSync(file, 'utf8').includes('Resources');
}

/** Open between what stands there, on a way of their own: by way of the internet, or for who may come, is no use yet. */
function isUsed({ id, holdsFor, because }: Claim): boolean {
  const isOwnWay = because.some((line) => line.startsWith('declared: ') && !/ via .*\binternet\b/.test(line));
  return id.startsWith('isolation/') && holdsFor?.declared === 'violated' && isOwnWay;
}

const ECHO: Readonly<Record<string, number>> = { icmp: 8, icmpv6: 128 };

/** Channels of the pair that no `allow:` can say, judged from the verdict's own table of what may flow. */
function wordless({ from, to, counterexample }: Claim, { reach }: VerifyResult): string[] {
  const channels = reach.find((pair) => pair.from === from && pair.to === to)?.channels ?? [];
  const found = channels.flatMap(({ protocol, ports }) => {
    if (ECHO[protocol] !== undefined && ports.every((range) => range.every((type) => type === ECHO[protocol])))
      return [];
    if (protocol !== 'tcp' && protocol !== 'udp') return [protocol];
    return ports
      .filter(([low, high]) => low === 0 || (low === 1 && high === 65535))
      .map(() => `every ${protocol} port`);
  });
  // the table leaves out the code of ICMP, which is 0 for an echo, and here stands where the source port would
  if (counterexample && ECHO[counterexample.flow.protocol] !== undefined && counterexample.flow.sourcePort !== 0) {
    found.push(`${counterexample.flow.protocol} with code ${counterexample.flow.sourcePort}`);
  }
  // inside a zone the table says nothing; the packet does
  if (from === to && counterexample) found.push(counterexample.flow.protocol);
  return found;
}
