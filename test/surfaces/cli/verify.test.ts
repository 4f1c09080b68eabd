import { Console, FROM_WARD, template, ZONES } from './console';

const CONDUIT = `conduits:
  ward-to-chart: { from: ward, to: chart, allow: [https], why: Wards open the chart, who: Staff, owner: Wards, approved: { by: [Board], on: 2026-10-01 }, review: 2027-06-01 }
`;
const SHUT = template([]);
const OPEN = template([FROM_WARD]);
const ASKS = template([{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: { Ref: 'Open' } }]);

const cli = new Console();
afterAll(() => cli.remove());

/** The default group of the VPC would admit whoever wears it in either zone, so the zones are told apart by an ACL. */
function between(text: string): string {
  const document = JSON.parse(text);
  const acl = (zone: string, from: string) => ({
    [`${zone}Acl`]: { Type: 'AWS::EC2::NetworkAcl', Properties: { VpcId: { Ref: 'Vpc' } } },
    [`${zone}AclIn`]: entry(`${zone}Acl`, false, 100, from, [443, 443]),
    [`${zone}AclOut`]: entry(`${zone}Acl`, true, 100, from, [443, 443]),
    [`${zone}AclReplyIn`]: entry(`${zone}Acl`, false, 110, from, [1024, 65535]),
    [`${zone}AclReplyOut`]: entry(`${zone}Acl`, true, 110, from, [1024, 65535]),
    [`${zone}AclAssociation`]: {
      Type: 'AWS::EC2::SubnetNetworkAclAssociation',
      Properties: { SubnetId: { Ref: `${zone}Subnet` }, NetworkAclId: { Ref: `${zone}Acl` } },
    },
  });
  Object.assign(document.Resources, acl('Ward', '10.0.1.0/24'), acl('Chart', '10.0.0.0/24'));
  document.Resources.VpcDefaultIn = undefined;
  return JSON.stringify(document);
}

function entry(acl: string, egress: boolean, number: number, cidr: string, [from, to]: [number, number]) {
  return {
    Type: 'AWS::EC2::NetworkAclEntry',
    Properties: {
      NetworkAclId: { Ref: acl },
      Egress: egress,
      RuleNumber: number,
      RuleAction: 'allow',
      Protocol: 6,
      CidrBlock: cidr,
      PortRange: { From: from, To: to },
    },
  };
}

async function verify(zones: string, net: string, ...more: string[]) {
  cli.write('zones.yaml', zones).write('net.json', net);
  const outcome = await cli.run('verify', '--template', 'net.json', '--zones', 'zones.yaml', '--json', ...more);
  const result = JSON.parse(outcome.stdout);
  const verdictOf = (id: string) => result.claims.find((claim: { id: string }) => claim.id === id)?.verdict;
  return { ...outcome, result, verdictOf };
}

describe('templates that Cordon did not make', () => {
  test('an open door between two zones is violated, exit code 2, with the packet', async () => {
    const { code, result, verdictOf } = await verify(ZONES, OPEN);
    expect(code).toBe(2);
    expect(result.verdict).toBe('violated');
    expect(verdictOf('isolation/ward/chart')).toBe('violated');
    const claim = result.claims.find(({ id }: { id: string }) => id === 'isolation/ward/chart');
    expect(claim.counterexample.hops.at(-1).decision).toBe('delivered');
    expect(claim.source).toEqual({ file: 'zones.yaml', line: 10, column: 3 });
  });

  test('the default group that both zones may wear is found, though no host wears it', async () => {
    const { verdictOf, result } = await verify(ZONES, SHUT);
    expect(verdictOf('isolation/ward/chart')).toBe('violated');
    const claim = result.claims.find(({ id }: { id: string }) => id === 'isolation/ward/chart');
    expect(claim.because.every((reason: string) => reason.startsWith('potential: '))).toBe(true);
  });

  test('a declared conduit that works is proved as a service', async () => {
    const { verdictOf } = await verify(ZONES + CONDUIT, between(OPEN));
    expect(verdictOf('service/ward-to-chart/https')).toBe('proved');
  });

  test('a verdict that hangs on a parameter names it; given, it is decided', async () => {
    const open = await verify(ZONES + CONDUIT, between(ASKS));
    const claim = open.result.claims.find(({ id }: { id: string }) => id === 'service/ward-to-chart/https');
    expect(claim.verdict).toBe('unknown');
    expect(claim.because.join()).toContain('net.Open');
    const given = await verify(ZONES + CONDUIT, between(ASKS), '--parameter', 'net.Open=10.0.0.0/24');
    expect(given.verdictOf('service/ward-to-chart/https')).toBe('proved');
  });

  test('a condition on the region is decided by the region that somebody gives, and by no default', async () => {
    const document = JSON.parse(between(OPEN));
    document.Conditions = { InLondon: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-2'] } };
    const asked = [{ 'Fn::If': ['InLondon', FROM_WARD, { Ref: 'AWS::NoValue' }] }];
    for (const resource of Object.values<{ Properties?: { SecurityGroupIngress?: unknown } }>(document.Resources)) {
      if (resource?.Properties?.SecurityGroupIngress) resource.Properties.SecurityGroupIngress = asked;
    }
    const text = JSON.stringify(document);
    const nowhere = (ZONES + CONDUIT).replace('region: eu-west-2\n', '');
    const service = 'service/ward-to-chart/https';
    expect((await verify(ZONES + CONDUIT, text)).verdictOf(service)).toBe('proved');
    expect((await verify(nowhere, text)).verdictOf(service)).toBe('unknown');
    expect((await verify(nowhere, text, '--region', 'us-east-1')).verdictOf(service)).toBe('violated');
  });

  const more = (resources: object) => {
    const document = JSON.parse(between(OPEN));
    Object.assign(document.Resources, resources);
    return JSON.stringify(document);
  };
  const OTHER_VPC = {
    OtherVpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.9.0.0/16' } },
    OtherSubnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'OtherVpc' }, CidrBlock: '10.9.1.0/24' } },
  };
  const host = (subnet: object) => ({
    Other: { Type: 'AWS::EC2::Instance', Properties: { ImageId: 'ami-1', ...subnet } },
  });

  test.each<[string, object, string]>([
    ['a subnet that no zone names', OTHER_VPC, 'binding/net.OtherSubnet'],
    ['a host in such a subnet', { ...OTHER_VPC, ...host({ SubnetId: { Ref: 'OtherSubnet' } }) }, 'binding/net.Other'],
    [
      'a host of which only a parameter knows where it stands',
      host({ SubnetId: { Ref: 'Open' } }),
      'binding/net.Other',
    ],
    ['a host in a subnet of elsewhere', host({ SubnetId: 'subnet-0123456789abcdef0' }), 'binding/net.Other'],
  ])('%s is a violation, and no pass', async (_, resources, id) => {
    const { code, verdictOf, result } = await verify(ZONES + CONDUIT, more(resources));
    expect({ code, verdict: verdictOf(id) }).toEqual({ code: 2, verdict: 'violated' });
    const claim = result.claims.find((each: { id: string }) => each.id === id);
    expect(claim.because.join()).toContain('belongs to no zone');
    expect(claim.fix).not.toBe('');
  });

  test('the region is told where somebody gives it, and no default is passed off as one', async () => {
    const nowhere = (ZONES + CONDUIT).replace('region: eu-west-2\n', '');
    cli.write('zones.yaml', nowhere).write('net.json', between(OPEN));
    const shown = async (...options: string[]) =>
      (await cli.run('verify', '--template', 'net.json', '--zones', 'zones.yaml', ...options)).stdout;
    expect(await shown()).toMatch(/^Estate small, as of 2026-11-23: /);
    expect(await shown()).toContain('nothing says in which region the templates are deployed');
    expect(await shown('--region', 'us-east-1')).toMatch(/^Estate small in us-east-1, as of /);
    cli.write('zones.yaml', ZONES + CONDUIT);
    expect(await shown()).toMatch(/^Estate small in eu-west-2, as of /);
  });

  test('the date is an argument', async () => {
    const { verdictOf } = await verify(ZONES + CONDUIT, between(OPEN), '--as-of', '2027-06-02');
    expect(verdictOf('governance/ward-to-chart')).toBe('violated');
  });

  test('the same input gives the same bytes', async () => {
    const first = await verify(ZONES + CONDUIT, OPEN);
    const second = await verify(ZONES + CONDUIT, OPEN);
    expect(second.stdout).toBe(first.stdout);
  });
});

describe('reports', () => {
  test('are written beside the answer, whole', async () => {
    await verify(ZONES, OPEN, '--sarif', 'out/r.sarif', '--junit', 'out/r.xml', '--markdown', 'out/r.md');
    const sarif = JSON.parse(cli.read('out/r.sarif'));
    expect(
      sarif.runs[0].results.map(
        ({ partialFingerprints }: { partialFingerprints: { claim: string } }) => partialFingerprints.claim,
      ),
    ).toContain('isolation/ward/chart');
    expect(cli.read('out/r.xml')).toMatch(/<testsuites name="cordon" tests="\d+" failures="[1-9]\d*" errors="0">/);
    expect(cli.read('out/r.md')).toContain('## ❌ Cordon: small is violated');
    expect(cli.files().filter((file) => file.includes('partial'))).toEqual([]);
  });

  test('every report says whether it is what there is that fails, or what may be launched later', async () => {
    const files = ['--sarif', 'out/r.sarif', '--junit', 'out/r.xml', '--markdown', 'out/r.md'];
    const { result } = await verify(ZONES, SHUT, ...files);
    const claim = result.claims.find(({ id }: { id: string }) => id === 'isolation/ward/chart');
    expect(claim.holdsFor).toEqual({ declared: 'proved', potential: 'violated' });
    const words = 'proved for the interfaces that the templates create, violated for what may be launched later';
    const { stdout } = await cli.run('verify', '--template', 'net.json', '--zones', 'zones.yaml');
    for (const report of [stdout, ...files.filter((file) => file.startsWith('out/')).map((file) => cli.read(file))]) {
      expect(report).toContain(words);
    }
  });

  test('the terminal shows violations first, then zones, conduits, claims and assumptions', async () => {
    cli.write('zones.yaml', ZONES + CONDUIT).write('net.json', OPEN);
    const { stdout } = await cli.run('verify', '--template', 'net.json', '--zones', 'zones.yaml');
    const at = [
      'Verdict: violated',
      'Violated (',
      'Zones (2)',
      'Conduits (1)',
      'Claims (',
      'Not checked, and assumed',
    ].map((text) => stdout.indexOf(text));
    expect(at.every((place) => place >= 0)).toBe(true);
    expect([...at].sort((a, b) => a - b)).toEqual(at);
  });
});

describe('what cannot be used is invalid input, exit code 3, one JSON document', () => {
  test.each([
    ['a zone file with mistakes', ZONES.replace('trust: trusted', 'trust: sometimes'), OPEN, []],
    ['a template that is no template', ZONES, '{"Resources": [', []],
    ['a date that is none', ZONES, OPEN, ['--as-of', '2026-02-30']],
    ['a parameter without a value', ZONES, OPEN, ['--parameter', 'Open']],
  ] as const)('%s', async (_, zones, net, more) => {
    const { code, result } = await verify(zones, net, ...more);
    expect(code).toBe(3);
    expect(result.diagnostics[0].severity).toBe('error');
  });

  test('a name in the zone file that no template has, with the one that was meant', async () => {
    const { code, result } = await verify(
      ZONES.replace(/subnets: \[?(\w+)/, (text) => `${text}s`),
      OPEN,
    );
    expect(code).toBe(3);
    expect(result.diagnostics).toMatchObject([{ code: 'BINDING_NAME_UNKNOWN', file: 'zones.yaml' }]);
    expect(result.diagnostics[0].help).toMatch(/^did you mean `\w+`\?$/);
  });

  test('an unknown option', async () => {
    const { code, stdout } = await cli.run('verify', 'zones.yaml', '--jsno', '--json');
    expect(code).toBe(3);
    expect(JSON.parse(stdout).diagnostics[0].code).toBe('CLI_USAGE');
  });
});
