/** What is one edit away, as the command line tells it: in every report, in no verdict and no exit code. */
import { VerifyShape } from '../../../lib/surfaces/report/document-shapes';
import { Console } from './console';

const ZONES = `cordon: 1
estate: small
region: eu-west-2
zones:
  chart:
    purpose: The chart
    at: { template: { vpcs: [Vpc] } }
    trust: trusted
    data: internal
`;
const TEMPLATE = JSON.stringify({
  Resources: {
    Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
    Gateway: { Type: 'AWS::EC2::InternetGateway' },
    Attached: {
      Type: 'AWS::EC2::VPCGatewayAttachment',
      Properties: { VpcId: { Ref: 'Vpc' }, InternetGatewayId: { Ref: 'Gateway' } },
    },
    Subnet: {
      Type: 'AWS::EC2::Subnet',
      Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.1.0/24', MapPublicIpOnLaunch: false },
    },
    Table: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: { Ref: 'Vpc' } } },
    Default: {
      Type: 'AWS::EC2::Route',
      Properties: {
        RouteTableId: { Ref: 'Table' },
        DestinationCidrBlock: '0.0.0.0/0',
        GatewayId: { Ref: 'Gateway' },
      },
    },
    Association: {
      Type: 'AWS::EC2::SubnetRouteTableAssociation',
      Properties: { RouteTableId: { Ref: 'Table' }, SubnetId: { Ref: 'Subnet' } },
    },
    Group: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: {
        GroupDescription: 'chart',
        VpcId: { Ref: 'Vpc' },
        SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0' }],
        SecurityGroupEgress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.0.0.0/16' }],
      },
    },
    Host: {
      Type: 'AWS::EC2::Instance',
      Properties: { SubnetId: { Ref: 'Subnet' }, SecurityGroupIds: [{ Ref: 'Group' }], ImageId: 'ami-1' },
    },
  },
});

const cli = new Console().write('zones.yaml', ZONES).write('net.json', TEMPLATE);
const verify = (...more: string[]) => cli.run('verify', '--template', 'net.json', '--zones', 'zones.yaml', ...more);
afterAll(() => cli.remove());

test('the JSON lists it with the edit and a packet, and the verdict and exit code stay what they are', async () => {
  const { code, stdout } = await verify('--json');
  const { verdict, latent } = VerifyShape.parse(JSON.parse(stdout));
  expect({ code, verdict }).toEqual({ code: 0, verdict: 'proved' });
  expect(latent).toContainEqual(
    expect.objectContaining({
      from: 'internet',
      to: 'chart',
      level: 'warning',
      edit: {
        resource: 'net.Host',
        kind: 'public-address',
        what: 'a public address, elastic or by `AssociatePublicIpAddress`',
      },
      flow: expect.objectContaining({ protocol: 'tcp', destinationPort: 443 }),
      source: { file: 'zones.yaml', line: 5, column: 3 },
    }),
  );
});

test('the terminal tells what would open it, and the packet', async () => {
  const { stdout } = await verify();
  expect(stdout).toContain('One edit away (');
  expect(stdout).toContain(
    '  warning internet -> chart  zones.yaml:5:3\n    opens if: net.Host gets a public address,',
  );
});

test('code scanning gets a warning, a pull request a folded table, CI no failure', async () => {
  await verify('--sarif', 'r.sarif', '--markdown', 'r.md', '--junit', 'r.xml');
  const [run] = JSON.parse(cli.read('r.sarif')).runs;
  expect(run.results).toContainEqual(expect.objectContaining({ ruleId: 'cordon/latent', level: 'warning' }));
  expect(run.tool.driver.rules.map(({ id }: { id: string }) => id)).toContain('cordon/latent');
  expect(cli.read('r.md')).toContain('| warning | internet → chart | net.Host gets a public address');
  expect(cli.read('r.xml')).toContain('failures="0" errors="0"');
});
