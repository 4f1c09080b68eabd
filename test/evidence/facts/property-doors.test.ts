/** Properties that lead from one VPC into another, past routes (facts 31, 35, 36). */
import { factOfTemplate, networkOfTemplate, type Resources } from './fact-of-template';
import { APART, inVpc, resource } from './property-templates';

describe('35: ways to a resource configuration of VPC Lattice', () => {
  const gateway = resource('AWS::VpcLattice::ResourceGateway', {
    ...{ VpcIdentifier: { Ref: 'Other' }, SubnetIds: [{ Ref: 'Far' }], SecurityGroupIds: [{ Ref: 'FarOpen' }] },
  });
  const shared = (more: object): Resources => ({
    ...APART,
    Gateway: gateway,
    Shared: resource('AWS::VpcLattice::ResourceConfiguration', { ResourceGatewayId: { Ref: 'Gateway' }, ...more }),
  });
  const single = { ResourceConfigurationType: 'SINGLE', PortRanges: ['80'] };
  const endpoint = (more: object) =>
    resource(
      'AWS::EC2::VPCEndpoint',
      inVpc({ SubnetIds: [{ Ref: 'Subnet' }], SecurityGroupIds: [{ Ref: 'Open' }], ...more }),
    );
  const NETWORK: Resources = {
    Network: resource('AWS::VpcLattice::ServiceNetwork'),
    Member: resource('AWS::VpcLattice::ServiceNetworkResourceAssociation', {
      ...{ ServiceNetworkId: { Ref: 'Network' }, ResourceConfigurationId: { Ref: 'Shared' } },
    }),
  };
  factOfTemplate(
    'an endpoint of type Resource leads to it',
    {
      ...shared(single),
      Endpoint: endpoint({
        VpcEndpointType: 'Resource',
        ResourceConfigurationArn: { 'Fn::GetAtt': ['Shared', 'Arn'] },
      }),
    },
    [
      ['Host', 'Gateway', 'tcp 80', 'reachable'],
      ['Host', 'Gateway', 'tcp 22', 'blocked'],
    ],
    'https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-resources.html',
  );
  factOfTemplate(
    'an endpoint of a service network leads to what is in the network',
    {
      ...shared(single),
      ...NETWORK,
      Endpoint: endpoint({
        VpcEndpointType: 'ServiceNetwork',
        ServiceNetworkArn: { 'Fn::GetAtt': ['Network', 'Arn'] },
      }),
    },
    [['Host', 'Gateway', 'tcp 80', 'reachable']],
    'https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-service-networks.html',
  );
  factOfTemplate(
    'one by the ARN of a database has the ports of the database, which it does not name',
    {
      ...shared({ ResourceConfigurationType: 'ARN' }),
      ...NETWORK,
      Caller: resource('AWS::VpcLattice::ServiceNetworkVpcAssociation', {
        ...{ ServiceNetworkIdentifier: { Ref: 'Network' }, VpcIdentifier: { Ref: 'Vpc' } },
      }),
    },
    [['Host', 'Gateway', 'tcp 5432', 'unknown']],
    'https://docs.aws.amazon.com/vpc-lattice/latest/ug/resource-configuration.html',
  );
});

factOfTemplate(
  '35: a target of VPC Lattice is called at the port that it is registered with',
  {
    ...APART,
    Network: resource('AWS::VpcLattice::ServiceNetwork'),
    Caller: resource('AWS::VpcLattice::ServiceNetworkVpcAssociation', {
      ...{ ServiceNetworkIdentifier: { Ref: 'Network' }, VpcIdentifier: { Ref: 'Vpc' } },
    }),
    Service: resource('AWS::VpcLattice::Service'),
    Member: resource('AWS::VpcLattice::ServiceNetworkServiceAssociation', {
      ...{ ServiceNetworkIdentifier: { Ref: 'Network' }, ServiceIdentifier: { Ref: 'Service' } },
    }),
    Listener: resource('AWS::VpcLattice::Listener', {
      ...{ ServiceIdentifier: { Ref: 'Service' }, Protocol: 'HTTPS' },
      DefaultAction: { Forward: { TargetGroups: [{ TargetGroupIdentifier: { Ref: 'Targets' } }] } },
    }),
    Targets: resource('AWS::VpcLattice::TargetGroup', {
      ...{ Type: 'INSTANCE', Config: { Protocol: 'HTTP', Port: 80, VpcIdentifier: { Ref: 'Other' } } },
      Targets: [{ Id: { Ref: 'FarHost' }, Port: 8080 }],
    }),
  },
  [
    ['Host', 'FarHost', 'tcp 8080', 'reachable'],
    ['Host', 'FarHost', 'tcp 443', 'reachable'],
    ['Host', 'FarHost', 'tcp 80', 'blocked'],
  ],
  'https://docs.aws.amazon.com/vpc-lattice/latest/ug/target-groups.html',
);

describe('31: ways to managed things in other VPCs', () => {
  const brokers = (more: object) =>
    resource('AWS::MSK::Cluster', {
      BrokerNodeGroupInfo: { ClientSubnets: [{ Ref: 'Far' }], SecurityGroups: [{ Ref: 'FarOpen' }], ...more },
    });
  const shared = { ConnectivityInfo: { VpcConnectivity: { ClientAuthentication: { Tls: { Enabled: true } } } } };
  factOfTemplate(
    'a connection of MSK leads its VPC to the brokers',
    {
      ...{ ...APART, Brokers: brokers(shared) },
      Connection: resource('AWS::MSK::VpcConnection', {
        ...inVpc({ TargetClusterArn: { Ref: 'Brokers' }, Authentication: 'TLS' }),
        ...{ ClientSubnets: [{ Ref: 'Subnet' }], SecurityGroups: [{ Ref: 'Open' }] },
      }),
    },
    [
      ['Host', 'Connection', 'tcp 9094', 'reachable'],
      ['Host', 'Brokers', 'tcp 9094', 'unknown'],
      ['FarHost', 'Connection', 'tcp 9094', 'blocked'],
    ],
    'https://docs.aws.amazon.com/msk/latest/developerguide/aws-access-mult-vpc.html',
  );

  const policy = resource('AWS::MSK::ClusterPolicy', { ClusterArn: { Ref: 'Brokers' }, Policy: {} });
  const authorization = resource('AWS::Redshift::EndpointAuthorization', {
    ...{ ClusterIdentifier: { Ref: 'Warehouse' }, Account: '111111111111' },
  });
  const warehouse = resource('AWS::Redshift::Cluster', { VpcSecurityGroupIds: [{ Ref: 'FarOpen' }] });
  const ingress = resource('AWS::AppRunner::VpcIngressConnection', {
    ServiceArn: { 'Fn::GetAtt': ['App', 'ServiceArn'] },
    IngressVpcConfiguration: { VpcId: { Ref: 'Vpc' } },
  });
  const app = resource('AWS::AppRunner::Service', {
    NetworkConfiguration: {
      IngressConfiguration: { IsPubliclyAccessible: false },
      EgressConfiguration: { EgressType: 'VPC', VpcConnectorArn: { Ref: 'Connector' } },
    },
  });
  const connector = resource('AWS::AppRunner::VpcConnector', {
    ...{ Subnets: [{ Ref: 'Far' }], SecurityGroups: [{ Ref: 'FarOpen' }] },
  });
  test.each([
    ['a policy of a cluster of MSK', { Brokers: brokers(shared), Door: policy }, 'internet', 'S.Brokers'],
    ['an authorization of Redshift', { Warehouse: warehouse, Door: authorization }, 'internet', 'S.Warehouse'],
    ['a private service of App Runner', { Connector: connector, App: app, Door: ingress }, ['S.Vpc'], 'S.Connector'],
  ] as const)('%s leads whom it admits there', (_, resources, from, to) => {
    const bridge = networkOfTemplate({ ...APART, ...resources }).bridges.find(({ id }) => id === 'S.Door');
    expect(bridge).toMatchObject({ from, to: [{ kind: 'interface', id: to }], open: false });
  });

  test('a policy of a cluster whose brokers let in no connections of other VPCs leads nobody there', () => {
    const { bridges } = networkOfTemplate({ ...APART, Brokers: brokers({}), Door: policy });
    expect(bridges).toEqual([]);
  });
});

factOfTemplate(
  '36: clients of a VPN that is attached to a transit gateway come from behind it',
  {
    ...APART,
    Hub: resource('AWS::EC2::TransitGateway'),
    Theirs: resource('AWS::EC2::TransitGatewayVpcAttachment', {
      ...inVpc({ TransitGatewayId: { Ref: 'Hub' }, SubnetIds: [{ Ref: 'Far' }] }, 'Other'),
    }),
    Back: resource('AWS::EC2::RouteTable', inVpc({}, 'Other')),
    Out: resource('AWS::EC2::Route', {
      ...{ RouteTableId: { Ref: 'Back' }, DestinationCidrBlock: '0.0.0.0/0', TransitGatewayId: { Ref: 'Hub' } },
    }),
    In: resource('AWS::EC2::SubnetRouteTableAssociation', { SubnetId: { Ref: 'Far' }, RouteTableId: { Ref: 'Back' } }),
    Vpn: resource('AWS::EC2::ClientVpnEndpoint', { TransitGatewayConfiguration: { TransitGatewayId: { Ref: 'Hub' } } }),
  },
  [['external:Vpn#attachment', 'FarHost', 'tcp 80', 'unknown']],
  'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-ec2-clientvpnendpoint-transitgatewayconfiguration.html',
);
