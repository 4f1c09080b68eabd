/**
 * Facts 35 and 36: what AWS opens past routes and gateways, from the template to the claim.
 */
import type { End } from '../../lib/evidence/network';
import { readNetwork } from '../../lib/evidence/template';
import { FlowExplainer } from '../../lib/verdict';
import { packets } from '../evidence/reachability/answer';
import { claim, verify } from './scenario';

type Resources = Readonly<Record<string, { readonly Type: string; readonly Properties: object }>>;

/** Three VPCs that nothing joins: guests, a laboratory, and the chart with its database. */
const VPCS: Resources = {
  Guest: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.1.0.0/16' } },
  Lab: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.3.0.0/16' } },
  Ehr: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.2.0.0/16' } },
  GuestSubnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Guest' }, CidrBlock: '10.1.0.0/24' } },
  LabSubnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Lab' }, CidrBlock: '10.3.0.0/24' } },
  EhrSubnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Ehr' }, CidrBlock: '10.2.0.0/24' } },
  EhrGroup: {
    Type: 'AWS::EC2::SecurityGroup',
    Properties: {
      VpcId: { Ref: 'Ehr' },
      GroupDescription: 'chart',
      SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, CidrIp: '10.2.0.0/24' }],
    },
  },
  App: {
    Type: 'AWS::EC2::Instance',
    Properties: { SubnetId: { Ref: 'EhrSubnet' }, SecurityGroupIds: [{ Ref: 'EhrGroup' }] },
  },
  Kiosk: { Type: 'AWS::EC2::Instance', Properties: { SubnetId: { Ref: 'GuestSubnet' } } },
};

const zone = (name: string, vpc: string, data: string) => `
  ${name}:
    purpose: Something
    at: { template: { vpcs: [${vpc}] } }
    trust: restricted
    data: ${data}`;
const ZONES = `
cordon: 1
estate: clinic
region: eu-west-2
zones:${zone('guest', 'Guest', 'none')}${zone('lab', 'Lab', 'internal')}${zone('ehr', 'Ehr', 'internal')}
never:
  - { name: guests-stay-out, from: guest, to: ehr, through: anything, why: Visitors }
`;

function networkOf(resources: Resources) {
  const text = JSON.stringify({ Resources: { ...VPCS, ...resources } });
  return readNetwork([{ stack: 'S', file: 's.json', text }], { region: 'eu-west-2' }).network;
}

const verified = (resources: Resources) => verify(ZONES, networkOf(resources));

const placedInEhr = { SubnetIds: [{ Ref: 'EhrSubnet' }], SecurityGroupIds: [{ Ref: 'EhrGroup' }] };

const lattice = (options: { groups?: object[]; auth?: string; rule?: object } = {}): Resources => ({
  Mesh: { Type: 'AWS::VpcLattice::ServiceNetwork', Properties: { AuthType: options.auth ?? 'NONE' } },
  Joined: {
    Type: 'AWS::VpcLattice::ServiceNetworkVpcAssociation',
    Properties: {
      ServiceNetworkIdentifier: { Ref: 'Mesh' },
      VpcIdentifier: { Ref: 'Guest' },
      ...(options.groups ? { SecurityGroupIds: options.groups } : {}),
    },
  },
  Chart: { Type: 'AWS::VpcLattice::Service', Properties: { AuthType: 'NONE' } },
  ChartIn: {
    Type: 'AWS::VpcLattice::ServiceNetworkServiceAssociation',
    Properties: { ServiceNetworkIdentifier: { Ref: 'Mesh' }, ServiceIdentifier: { Ref: 'Chart' } },
  },
  Listener: {
    Type: 'AWS::VpcLattice::Listener',
    Properties: {
      ServiceIdentifier: { Ref: 'Chart' },
      Protocol: 'HTTPS',
      Port: 443,
      DefaultAction: { Forward: { TargetGroups: [{ TargetGroupIdentifier: { Ref: 'Targets' }, Weight: 1 }] } },
    },
  },
  Targets: {
    Type: 'AWS::VpcLattice::TargetGroup',
    Properties: {
      Type: 'INSTANCE',
      Config: { Port: 8080, Protocol: 'HTTP', VpcIdentifier: { Ref: 'Ehr' } },
      Targets: [{ Id: { Ref: 'App' }, Port: 8080 }],
    },
  },
  FromLattice: {
    Type: 'AWS::EC2::SecurityGroupIngress',
    Properties: options.rule ?? {
      GroupId: { 'Fn::GetAtt': ['EhrGroup', 'GroupId'] },
      IpProtocol: 'tcp',
      FromPort: 8080,
      ToPort: 8080,
      CidrIp: '169.254.171.0/24',
    },
  },
});

describe('fact 35: VPC Lattice', () => {
  test('carries an associated VPC to the targets of a service, and asks nobody who calls', () => {
    const result = verified(lattice());
    const { verdict, because } = claim(result, 'isolation/guest/ehr');
    expect(verdict).toBe('violated');
    expect(because.join('\n')).toContain('tcp 8080');
    expect(because.join('\n')).toContain('S.Chart');
    expect(claim(result, 'never/guests-stay-out').verdict).not.toBe('proved');
  });

  const Unnamed = {
    Type: 'AWS::VpcLattice::TargetGroup',
    Properties: { Type: 'INSTANCE', Config: { Port: 8080, Protocol: 'HTTP', VpcIdentifier: { Ref: 'Ehr' } } },
  };

  test('leads to anything of the VPC of a target group of which no template says what is registered', () => {
    const result = verified({ ...lattice(), Targets: Unnamed });
    expect(claim(result, 'isolation/guest/ehr')).toMatchObject({
      verdict: 'unknown',
      because: expect.arrayContaining([expect.stringContaining('S.Chart')]),
    });
  });

  test.each<[string, Resources]>([
    [
      'an auto scaling group',
      {
        Recipe: {
          Type: 'AWS::EC2::LaunchTemplate',
          Properties: { LaunchTemplateData: { SecurityGroupIds: [{ Ref: 'EhrGroup' }] } },
        },
        Fleet: {
          Type: 'AWS::AutoScaling::AutoScalingGroup',
          Properties: {
            VPCZoneIdentifier: [{ Ref: 'EhrSubnet' }],
            LaunchTemplate: { LaunchTemplateId: { Ref: 'Recipe' }, Version: '1' },
            TrafficSources: [{ Type: 'vpc-lattice', Identifier: { 'Fn::GetAtt': ['Targets', 'Arn'] } }],
          },
        },
      },
    ],
    [
      'a service of ECS',
      {
        Tasks: {
          Type: 'AWS::ECS::Service',
          Properties: {
            LaunchType: 'FARGATE',
            NetworkConfiguration: {
              AwsvpcConfiguration: { Subnets: [{ Ref: 'EhrSubnet' }], SecurityGroups: [{ Ref: 'EhrGroup' }] },
            },
            VpcLatticeConfigurations: [{ PortName: 'web', TargetGroupArn: { 'Fn::GetAtt': ['Targets', 'Arn'] } }],
          },
        },
      },
    ],
  ])('leads to %s that registers itself', (_, more) => {
    const result = verified({ ...lattice(), Targets: Unnamed, ...more });
    expect(claim(result, 'isolation/guest/ehr').verdict).toBe('violated');
  });

  const MORE_TARGETS = {
    Type: 'AWS::VpcLattice::TargetGroup',
    Properties: {
      Type: 'INSTANCE',
      Config: { Port: 8080, Protocol: 'HTTP', VpcIdentifier: { Ref: 'Ehr' } },
      Targets: { 'Fn::If': ['Open', [{ Id: { Ref: 'App' } }], [{ Id: { Ref: 'Other' } }]] },
    },
  };
  test.each<[string, object]>([
    ['the listener', { Listener: { ...lattice().Listener, Condition: 'Open' } }],
    ['the target group', { Targets: { ...lattice().Targets, Condition: 'Open' } }],
    ['the service', { Chart: { ...lattice().Chart, Condition: 'Open' } }],
    ['the association of the service', { ChartIn: { ...lattice().ChartIn, Condition: 'Open' } }],
    ['the association of the VPC', { Joined: { ...lattice().Joined, Condition: 'Open' } }],
    ['the network', { Mesh: { ...lattice().Mesh, Condition: 'Open' } }],
    ['what is registered', { Targets: MORE_TARGETS, Other: VPCS.App }],
    ['its auth', { Chart: { Type: 'AWS::VpcLattice::Service', Properties: { AuthType: { Ref: 'Wide' } } } }],
    [
      'what the listener forwards to',
      {
        Listener: {
          Type: 'AWS::VpcLattice::Listener',
          Properties: {
            ServiceIdentifier: { Ref: 'Chart' },
            Protocol: 'HTTPS',
            DefaultAction: {
              'Fn::If': [
                'Open',
                { Forward: { TargetGroups: [{ TargetGroupIdentifier: { Ref: 'Targets' } }] } },
                { FixedResponse: { StatusCode: 404 } },
              ],
            },
          },
        },
      },
    ],
    [
      'its weight',
      {
        Listener: {
          Type: 'AWS::VpcLattice::Listener',
          Properties: {
            ServiceIdentifier: { Ref: 'Chart' },
            Protocol: 'HTTPS',
            DefaultAction: {
              Forward: { TargetGroups: [{ TargetGroupIdentifier: { Ref: 'Targets' }, Weight: { Ref: 'Wide' } }] },
            },
          },
        },
      },
    ],
    [
      'the groups of the association',
      {
        Joined: {
          Type: 'AWS::VpcLattice::ServiceNetworkVpcAssociation',
          Properties: {
            ServiceNetworkIdentifier: { Ref: 'Mesh' },
            VpcIdentifier: { Ref: 'Guest' },
            SecurityGroupIds: [{ 'Fn::If': ['Open', { Ref: 'Callers' }, { Ref: 'AWS::NoValue' }] }],
          },
        },
        Callers: {
          Type: 'AWS::EC2::SecurityGroup',
          Properties: { VpcId: { Ref: 'Guest' }, GroupDescription: 'nobody', SecurityGroupIngress: [] },
        },
      },
    ],
  ])('%s hangs on a parameter, which is named', (_, changed) => {
    const Parameters = { Wide: { Type: 'String' } };
    const Conditions = { Open: { 'Fn::Equals': [{ Ref: 'Wide' }, 'yes'] } };
    const text = JSON.stringify({ Parameters, Conditions, Resources: { ...VPCS, ...lattice(), ...changed } });
    const { network } = readNetwork([{ stack: 'S', file: 's.json', text }], { region: 'eu-west-2' });
    expect(claim(verify(ZONES, network), 'isolation/guest/ehr').verdict).toBe('unknown');
    const from = [{ kind: 'interface', id: 'S.Kiosk' }] as const;
    const to = [{ kind: 'interface', id: 'S.App' }] as const;
    const answer = new FlowExplainer(network).explain({ from, to, packets: packets('tcp 443') });
    expect([answer.verdict, answer.parameters]).toEqual(['unknown', ['Wide']]);
  });

  test('invokes a function by its API, whatever the groups of the function say', () => {
    const Targets = {
      Type: 'AWS::VpcLattice::TargetGroup',
      Properties: { Type: 'LAMBDA', Targets: [{ Id: { 'Fn::GetAtt': ['Fn', 'Arn'] } }] },
    };
    const Shut = {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: { VpcId: { Ref: 'Ehr' }, GroupDescription: 'nobody', SecurityGroupIngress: [] },
    };
    const VpcConfig = { SubnetIds: [{ Ref: 'EhrSubnet' }], SecurityGroupIds: [{ Ref: 'Shut' }] };
    const Fn = { Type: 'AWS::Lambda::Function', Properties: { VpcConfig } };
    const result = verified({ ...lattice(), Targets, Shut, Fn });
    expect(claim(result, 'isolation/guest/ehr').verdict).toBe('violated');
  });

  test('an endpoint of the network is reached over peering, too', () => {
    const { Joined: _joined, ...others } = lattice();
    const Door = {
      Type: 'AWS::EC2::VPCEndpoint',
      Properties: {
        VpcEndpointType: 'ServiceNetwork',
        VpcId: { Ref: 'Lab' },
        ServiceNetworkArn: { 'Fn::GetAtt': ['Mesh', 'Arn'] },
        SubnetIds: [{ Ref: 'LabSubnet' }],
        SecurityGroupIds: [{ Ref: 'LabGroup' }],
      },
    };
    const LabGroup = {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: {
        VpcId: { Ref: 'Lab' },
        GroupDescription: 'callers',
        SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.0.0.0/8' }],
      },
    };
    const linked = { ...others, Door, LabGroup };
    expect(claim(verified(linked), 'isolation/lab/ehr').verdict).toBe('unknown');
    expect(claim(verified(linked), 'isolation/guest/ehr').verdict).toBe('proved');
    const table = (vpc: string, range: string): Resources => ({
      [`${vpc}Table`]: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: { Ref: vpc } } },
      [`${vpc}In`]: {
        Type: 'AWS::EC2::SubnetRouteTableAssociation',
        Properties: { SubnetId: { Ref: `${vpc}Subnet` }, RouteTableId: { Ref: `${vpc}Table` } },
      },
      [`${vpc}Out`]: {
        Type: 'AWS::EC2::Route',
        Properties: {
          RouteTableId: { Ref: `${vpc}Table` },
          DestinationCidrBlock: range,
          VpcPeeringConnectionId: { Ref: 'Peering' },
        },
      },
    });
    const peered = {
      ...linked,
      Peering: {
        Type: 'AWS::EC2::VPCPeeringConnection',
        Properties: { VpcId: { Ref: 'Guest' }, PeerVpcId: { Ref: 'Lab' } },
      },
      ...table('Guest', '10.3.0.0/16'),
      ...table('Lab', '10.1.0.0/16'),
    };
    expect(claim(verified(peered), 'isolation/guest/ehr').verdict).toBe('unknown');
  });

  test('a VPC that is not associated stays provable, and so does the way back', () => {
    const result = verified(lattice());
    for (const id of ['isolation/lab/ehr', 'isolation/ehr/guest', 'isolation/guest/lab', 'isolation/internet/ehr']) {
      expect([id, claim(result, id).verdict]).toEqual([id, 'proved']);
    }
  });

  test('an auth policy, or a group of the association, decides what no packet shows', () => {
    const group = {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: {
        VpcId: { Ref: 'Guest' },
        GroupDescription: 'callers',
        SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.1.0.9/32' }],
      },
    };
    const byPolicy = claim(verified(lattice({ auth: 'AWS_IAM' })), 'isolation/guest/ehr');
    expect([byPolicy.verdict, byPolicy.because.join()]).toEqual(['unknown', expect.stringContaining('auth policy')]);
    const byGroup = verified({ ...lattice({ groups: [{ Ref: 'Callers' }] }), Callers: group });
    expect(claim(byGroup, 'isolation/guest/ehr').verdict).toBe('unknown');
    const nobody = { ...group, Properties: { ...group.Properties, SecurityGroupIngress: [] } };
    const shut = verified({ ...lattice({ groups: [{ Ref: 'Callers' }] }), Callers: nobody });
    expect(claim(shut, 'isolation/guest/ehr').verdict).toBe('proved');
  });

  test('a target whose group does not admit Lattice is not reached by it', () => {
    const other = {
      GroupId: { 'Fn::GetAtt': ['EhrGroup', 'GroupId'] },
      IpProtocol: 'tcp',
      FromPort: 22,
      ToPort: 22,
      CidrIp: '169.254.171.0/24',
    };
    expect(claim(verified(lattice({ rule: other })), 'isolation/guest/ehr').verdict).toBe('proved');
  });

  test('a resource configuration leads through its gateway, whatever the auth policy of the network says', () => {
    const result = verified({
      Mesh: { Type: 'AWS::VpcLattice::ServiceNetwork', Properties: { AuthType: 'AWS_IAM' } },
      Joined: {
        Type: 'AWS::VpcLattice::ServiceNetworkVpcAssociation',
        Properties: { ServiceNetworkIdentifier: { Ref: 'Mesh' }, VpcIdentifier: { Ref: 'Guest' } },
      },
      Door: {
        Type: 'AWS::VpcLattice::ResourceGateway',
        Properties: {
          VpcIdentifier: { Ref: 'Ehr' },
          SubnetIds: [{ Ref: 'EhrSubnet' }],
          SecurityGroupIds: [{ Ref: 'EhrGroup' }],
        },
      },
      Database: {
        Type: 'AWS::VpcLattice::ResourceConfiguration',
        Properties: {
          ResourceConfigurationType: 'SINGLE',
          PortRanges: ['5432'],
          ResourceGatewayId: { Ref: 'Door' },
          ResourceConfigurationDefinition: { DnsResource: { DomainName: 'db.local', IpAddressType: 'IPV4' } },
        },
      },
      DatabaseIn: {
        Type: 'AWS::VpcLattice::ServiceNetworkResourceAssociation',
        Properties: { ServiceNetworkId: { Ref: 'Mesh' }, ResourceConfigurationId: { Ref: 'Database' } },
      },
    });
    const { verdict, because } = claim(result, 'isolation/guest/ehr');
    expect([verdict, because.join()]).toEqual(['violated', expect.stringContaining('S.Database')]);
    expect(claim(result, 'isolation/lab/ehr').verdict).toBe('proved');
  });

  test.each<[string, (arn: object) => Resources[string]]>([
    [
      'a share',
      (arn) => ({
        Type: 'AWS::RAM::ResourceShare',
        Properties: { Name: 'x', Principals: ['444455556666'], ResourceArns: [arn] },
      }),
    ],
    [
      'a resource policy',
      (arn) => ({ Type: 'AWS::VpcLattice::ResourcePolicy', Properties: { ResourceArn: arn, Policy: {} } }),
    ],
  ])('%s gives others what a configuration or a service leads to', (_, given) => {
    const door = { VpcIdentifier: { Ref: 'Ehr' }, ...placedInEhr };
    const Door = { Type: 'AWS::VpcLattice::ResourceGateway', Properties: door };
    const named = { ResourceConfigurationType: 'SINGLE', PortRanges: ['5432'], ResourceGatewayId: { Ref: 'Door' } };
    const Database = { Type: 'AWS::VpcLattice::ResourceConfiguration', Properties: named };
    const verdictOf = (resources: Resources) => claim(verified(resources), 'isolation/internet/ehr').verdict;
    expect(verdictOf({ Door, Database })).toBe('proved');
    const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
    expect(verdictOf({ Door, Database, Given: given(arn('Database')) })).toBe('unknown');
    const { Joined: _joined, ...others } = lattice();
    expect(verdictOf(others)).toBe('proved');
    expect(verdictOf({ ...others, Given: given(arn('Chart')) })).toBe('unknown');
    expect(verdictOf({ ...others, Given: given(arn('Mesh')) })).toBe('unknown');
  });

  test('a service network that no template shows leaves its VPC open', () => {
    const result = verified({
      Joined: {
        Type: 'AWS::VpcLattice::ServiceNetworkVpcAssociation',
        Properties: { ServiceNetworkIdentifier: 'sn-0123456789abcdef0', VpcIdentifier: { Ref: 'Guest' } },
      },
    });
    expect(claim(result, 'isolation/guest/ehr').verdict).toBe('unknown');
    expect(claim(result, 'isolation/lab/ehr').verdict).toBe('proved');
  });

  const ask = (resources: Resources, from: string, to: string, what: string) => {
    const end = (id: string): End => ({ kind: id.endsWith('Subnet') ? 'subnet' : 'interface', id });
    return new FlowExplainer(networkOf(resources)).explain({
      from: [end(from)],
      to: [end(to)],
      packets: packets(what),
    });
  };

  test('explain follows it by the port that clients call and by that of the target, hop by hop', () => {
    const answer = ask(lattice(), 'S.Kiosk', 'S.App', 'tcp 443');
    expect(answer).toMatchObject({ verdict: 'reachable', forward: { ports: [[443, 443]] }, unknowns: [] });
    expect(answer.forward.hops.map(({ decision }) => decision)).toEqual([
      ...['sent', 'allowed', 'allowed', 'routed', 'forwarded', 'allowed', 'allowed', 'delivered'],
    ]);
    expect(answer.reply.hops.map(({ decision }) => decision)).toEqual([
      ...['sent', 'allowed', 'forwarded', 'allowed', 'delivered'],
    ]);
    expect(ask(lattice(), 'S.Kiosk', 'S.App', 'tcp 8080').verdict).toBe('reachable');
    expect(ask(lattice(), 'S.GuestSubnet', 'S.App', 'tcp 443').verdict).toBe('reachable');
    expect(ask(lattice(), 'S.Kiosk', 'S.App', 'tcp 5432').verdict).toBe('blocked');
    expect(ask(lattice(), 'S.LabSubnet', 'S.App', 'tcp 443').verdict).toBe('blocked');
    expect(ask(lattice(), 'S.App', 'S.Kiosk', 'tcp 443').verdict).toBe('blocked');
    expect(ask(lattice({ auth: 'AWS_IAM' }), 'S.Kiosk', 'S.App', 'tcp 443')).toMatchObject({
      verdict: 'unknown',
      unknowns: [{ reason: expect.stringContaining('S.Chart') }],
    });
  });

  const group = (vpc: string, rules: object): Resources[string] => ({
    Type: 'AWS::EC2::SecurityGroup',
    Properties: { VpcId: { Ref: vpc }, GroupDescription: 'x', ...rules },
  });
  const kiosk = (Group: string): Resources[string] => ({
    Type: 'AWS::EC2::Instance',
    Properties: { SubnetId: { Ref: 'GuestSubnet' }, SecurityGroupIds: [{ Ref: Group }] },
  });
  const tcp = (port: number, peer: object) => ({ IpProtocol: 'tcp', FromPort: port, ToPort: port, ...peer });
  const LINK_LOCAL = { CidrIp: '169.254.171.0/24' };

  test.each<[string, object[], 'reachable' | 'blocked']>([
    ['to Lattice', [tcp(443, LINK_LOCAL)], 'reachable'],
    ['to another port of Lattice', [tcp(8080, LINK_LOCAL)], 'blocked'],
    ['to the VPC of the target alone', [tcp(443, { CidrIp: '10.0.0.0/8' })], 'blocked'],
  ])('a client whose groups let it out %s', (_, SecurityGroupEgress, verdict) => {
    const Out = group('Guest', { SecurityGroupEgress });
    expect(ask({ ...lattice(), Out, Kiosk: kiosk('Out') }, 'S.Kiosk', 'S.App', 'tcp 443').verdict).toBe(verdict);
  });

  test('the groups of the association see who calls', () => {
    const Callers = group('Guest', { SecurityGroupIngress: [tcp(443, { SourceSecurityGroupId: { Ref: 'Mine' } })] });
    const Mine = group('Guest', {});
    const some = { ...lattice({ groups: [{ Ref: 'Callers' }] }), Callers, Mine };
    expect(ask({ ...some, Kiosk: kiosk('Mine') }, 'S.Kiosk', 'S.App', 'tcp 443').verdict).toBe('reachable');
    expect(ask(some, 'S.Kiosk', 'S.App', 'tcp 443').verdict).not.toBe('reachable');
  });

  test('an ACL that lets no answer back leaves nothing certain', () => {
    const entry = (Egress: boolean, CidrBlock: string): Resources[string] => ({
      Type: 'AWS::EC2::NetworkAclEntry',
      Properties: {
        NetworkAclId: { Ref: 'Acl' },
        RuleNumber: 100,
        Egress,
        Protocol: -1,
        RuleAction: 'allow',
        CidrBlock,
      },
    });
    const acl = (back: string): Resources => ({
      Acl: { Type: 'AWS::EC2::NetworkAcl', Properties: { VpcId: { Ref: 'Ehr' } } },
      On: {
        Type: 'AWS::EC2::SubnetNetworkAclAssociation',
        Properties: { SubnetId: { Ref: 'EhrSubnet' }, NetworkAclId: { Ref: 'Acl' } },
      },
      In: entry(false, '0.0.0.0/0'),
      Out: entry(true, back),
    });
    expect(ask({ ...lattice(), ...acl('0.0.0.0/0') }, 'S.Kiosk', 'S.App', 'tcp 443').verdict).toBe('reachable');
    expect(ask({ ...lattice(), ...acl('10.0.0.0/8') }, 'S.Kiosk', 'S.App', 'tcp 443').verdict).not.toBe('reachable');
  });

  test('explain follows an endpoint of the network, and a resource configuration on to what it names', () => {
    const Database = {
      Type: 'AWS::RDS::DBInstance',
      Properties: {
        DBSubnetGroupName: { Ref: 'Subnets' },
        Engine: 'postgres',
        VPCSecurityGroups: [{ Ref: 'DbGroup' }],
      },
    };
    const resources = (Definition: object): Resources => ({
      Mesh: { Type: 'AWS::VpcLattice::ServiceNetwork', Properties: {} },
      Door: {
        Type: 'AWS::EC2::VPCEndpoint',
        Properties: {
          VpcEndpointType: 'ServiceNetwork',
          VpcId: { Ref: 'Guest' },
          ServiceNetworkArn: { 'Fn::GetAtt': ['Mesh', 'Arn'] },
          SubnetIds: [{ Ref: 'GuestSubnet' }],
          SecurityGroupIds: [{ Ref: 'DoorGroup' }],
        },
      },
      DoorGroup: group('Guest', { SecurityGroupIngress: [tcp(5432, { CidrIp: '10.1.0.0/16' })] }),
      Gate: {
        Type: 'AWS::VpcLattice::ResourceGateway',
        Properties: {
          VpcIdentifier: { Ref: 'Ehr' },
          SubnetIds: [{ Ref: 'EhrSubnet' }],
          SecurityGroupIds: [{ Ref: 'GateGroup' }],
        },
      },
      GateGroup: group('Ehr', {}),
      DbGroup: group('Ehr', { SecurityGroupIngress: [tcp(5432, { SourceSecurityGroupId: { Ref: 'GateGroup' } })] }),
      Subnets: {
        Type: 'AWS::RDS::DBSubnetGroup',
        Properties: { DBSubnetGroupDescription: 'x', SubnetIds: [{ Ref: 'EhrSubnet' }] },
      },
      Database,
      Other: Database,
      Shared: {
        Type: 'AWS::VpcLattice::ResourceConfiguration',
        Properties: {
          ResourceConfigurationType: 'SINGLE',
          PortRanges: ['5432'],
          ResourceGatewayId: { Ref: 'Gate' },
          ResourceConfigurationDefinition: Definition,
        },
      },
      SharedIn: {
        Type: 'AWS::VpcLattice::ServiceNetworkResourceAssociation',
        Properties: { ServiceNetworkId: { Ref: 'Mesh' }, ResourceConfigurationId: { Ref: 'Shared' } },
      },
    });
    const domain = (DomainName: unknown) => ({ DnsResource: { DomainName, IpAddressType: 'IPV4' } });
    const named = resources(domain({ 'Fn::GetAtt': ['Database', 'Endpoint.Address'] }));
    expect(ask(named, 'S.Kiosk', 'S.Database', 'tcp 5432').verdict).toBe('reachable');
    expect(ask(named, 'S.Kiosk', 'S.Database', 'tcp 22').verdict).toBe('blocked');
    expect(ask(named, 'S.Kiosk', 'S.Other', 'tcp 5432').verdict).toBe('blocked');
    expect(ask(named, 'S.LabSubnet', 'S.Database', 'tcp 5432').verdict).toBe('blocked');
    expect(ask(named, 'S.Kiosk', 'S.Gate', 'tcp 5432').verdict).toBe('reachable');
    const unnamed = resources(domain('db.hospital.example'));
    expect(ask(unnamed, 'S.Kiosk', 'S.Database', 'tcp 5432').verdict).toBe('unknown');
    const { GateGroup: _open, ...others } = named;
    const GateGroup = group('Ehr', { SecurityGroupEgress: [tcp(443, { CidrIp: '0.0.0.0/0' })] });
    expect(ask({ ...others, GateGroup }, 'S.Kiosk', 'S.Database', 'tcp 5432').verdict).not.toBe('reachable');
  });
});

describe('fact 36: ways in past gateways', () => {
  const placed = { SubnetIds: [{ Ref: 'EhrSubnet' }], SecurityGroupIds: [{ Ref: 'EhrGroup' }] };
  const TASK = (EnableExecuteCommand: boolean) => ({
    Type: 'AWS::ECS::Service',
    Properties: {
      EnableExecuteCommand,
      LaunchType: 'FARGATE',
      NetworkConfiguration: {
        AwsvpcConfiguration: { Subnets: placed.SubnetIds, SecurityGroups: placed.SecurityGroupIds },
      },
    },
  });
  const BROKERS = (ConnectivityInfo: object) => ({
    Type: 'AWS::MSK::Cluster',
    Properties: {
      BrokerNodeGroupInfo: {
        ClientSubnets: placed.SubnetIds,
        SecurityGroups: placed.SecurityGroupIds,
        ConnectivityInfo,
      },
    },
  });
  const BALANCER = {
    Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    Properties: { Type: 'network', Scheme: 'internal', Subnets: placed.SubnetIds },
  };
  const ACCELERATED = {
    Type: 'AWS::GlobalAccelerator::CrossAccountAttachment',
    Properties: { Name: 'others', Principals: ['999988887777'], Resources: [{ EndpointId: { Ref: 'Balancer' } }] },
  };
  const FUNCTION = { Type: 'AWS::Lambda::Function', Properties: { VpcConfig: placed } };
  const LETS = (Principal: string, Action = 'lambda:InvokeFunction') => ({
    Type: 'AWS::Lambda::Permission',
    Properties: { Action, Principal, FunctionName: { Ref: 'Fn' } },
  });

  test.each<[string, Resources]>([
    ['a task without a shell', { Way: TASK(false) }],
    ['brokers that other VPCs of the account may connect to', { Way: BROKERS({ VpcConnectivity: {} }) }],
    ['whoever may only look at a function', { Fn: FUNCTION, Way: LETS('*', 'lambda:GetFunction') }],
    ['a queue', { Fn: FUNCTION, Way: LETS('sqs.amazonaws.com') }],
  ])('%s lets nobody in', (_, resources) => {
    expect(claim(verified(resources), 'isolation/internet/ehr').verdict).toBe('proved');
  });
  test.each<[string, Resources]>([
    [
      'an Instance Connect endpoint',
      {
        Way: {
          Type: 'AWS::EC2::InstanceConnectEndpoint',
          Properties: { SubnetId: { Ref: 'EhrSubnet' }, SecurityGroupIds: [{ Ref: 'EhrGroup' }] },
        },
      },
    ],
    ['an API Gateway link', { Way: { Type: 'AWS::ApiGatewayV2::VpcLink', Properties: placed } }],
    [
      'a Client VPN',
      {
        Way: {
          Type: 'AWS::EC2::ClientVpnEndpoint',
          Properties: {
            ClientCidrBlock: '172.16.0.0/22',
            VpcId: { Ref: 'Ehr' },
            SecurityGroupIds: [{ Ref: 'EhrGroup' }],
          },
        },
        Target: {
          Type: 'AWS::EC2::ClientVpnTargetNetworkAssociation',
          Properties: { ClientVpnEndpointId: { Ref: 'Way' }, SubnetId: { Ref: 'EhrSubnet' } },
        },
      },
    ],
    [
      'a function with a URL',
      {
        Fn: { Type: 'AWS::Lambda::Function', Properties: { VpcConfig: placed } },
        Way: {
          Type: 'AWS::Lambda::Url',
          Properties: { TargetFunctionArn: { 'Fn::GetAtt': ['Fn', 'Arn'] }, AuthType: 'NONE' },
        },
      },
    ],
    ['a shell in a task', { Way: TASK(true) }],
    ['dashboards that query', { Way: { Type: 'AWS::QuickSight::VPCConnection', Properties: placed } }],
    [
      'what devices send',
      {
        Way: {
          Type: 'AWS::IoT::TopicRuleDestination',
          Properties: { VpcProperties: { SubnetIds: placed.SubnetIds, SecurityGroups: placed.SecurityGroupIds } },
        },
      },
    ],
    ['an accelerator of another account', { Way: ACCELERATED, Balancer: BALANCER }],
    [
      'an API by a link that somebody else made',
      {
        Way: {
          Type: 'AWS::ApiGateway::Method',
          Properties: {
            RestApiId: 'abc',
            Integration: { ConnectionType: 'VPC_LINK', ConnectionId: 'def', IntegrationTarget: { Ref: 'Balancer' } },
          },
        },
        Balancer: BALANCER,
      },
    ],
    [
      'a warehouse that another account may make endpoints to',
      {
        Way: { Type: 'AWS::Redshift::EndpointAuthorization', Properties: { ClusterIdentifier: { Ref: 'Warehouse' } } },
        Warehouse: {
          Type: 'AWS::Redshift::Cluster',
          Properties: { ClusterSubnetGroupName: { Ref: 'Subnets' }, VpcSecurityGroupIds: [{ Ref: 'EhrGroup' }] },
        },
        Subnets: { Type: 'AWS::Redshift::ClusterSubnetGroup', Properties: { SubnetIds: [{ Ref: 'EhrSubnet' }] } },
      },
    ],
    ['a skill of Alexa', { Fn: FUNCTION, Way: LETS('alexa-appkit.amazon.com') }],
    ['a balancer that no template shows', { Fn: FUNCTION, Way: LETS('elasticloadbalancing.amazonaws.com') }],
  ])('%s lets in from the internet whom it admits; other zones stay provable', (_, resources) => {
    const result = verified(resources);
    const { verdict, because } = claim(result, 'isolation/internet/ehr');
    expect([verdict, because.join()]).toEqual(['unknown', expect.stringContaining('S.Way')]);
    expect(claim(result, 'isolation/guest/ehr').verdict).toBe('proved');
    expect(claim(result, 'isolation/lab/ehr').verdict).toBe('proved');
  });

  test('who comes in goes on as the network lets it', () => {
    const result = verified({
      Way: { Type: 'AWS::ApiGatewayV2::VpcLink', Properties: placed },
      Peering: {
        Type: 'AWS::EC2::VPCPeeringConnection',
        Properties: { VpcId: { Ref: 'Ehr' }, PeerVpcId: { Ref: 'Lab' } },
      },
    });
    expect(claim(result, 'isolation/internet/lab').verdict).toBe('proved');
    const never = ZONES.replace('from: guest', 'from: internet');
    const network = networkOf({ Way: { Type: 'AWS::ApiGatewayV2::VpcLink', Properties: placed } });
    expect(claim(verify(never, network), 'never/guests-stay-out').verdict).toBe('unknown');
  });
});
