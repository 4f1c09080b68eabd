import { hospital } from '../plan/estate-builder';
import { Synthesized, tagsOf } from './synthesized';

const synthesized = new Synthesized(hospital());
const all = (type: string) => synthesized.all(type);

describe('every zone is closed before anything is declared', () => {
  test('every VPC empties its default security group, by the custom resource that CDK users know', () => {
    const vpcs = all('AWS::EC2::VPC').map(([stack]) => stack);
    expect(all('Custom::VpcRestrictDefaultSG').map(([stack]) => stack)).toEqual(vpcs);
    expect(vpcs).toHaveLength(5);
  });

  test('no security group has the default egress: one that allows nothing says so', () => {
    for (const [, , { Properties }] of all('AWS::EC2::SecurityGroup')) {
      expect(Properties.SecurityGroupEgress).not.toEqual([]);
      expect(Properties.SecurityGroupEgress).toBeDefined();
      expect(JSON.stringify(Properties.SecurityGroupEgress)).not.toContain('0.0.0.0/0');
    }
  });

  test('only the balancer of a gate admits the internet', () => {
    const open = all('AWS::EC2::SecurityGroup').filter(([, , group]) =>
      JSON.stringify(group.Properties).includes('0.0.0.0/0'),
    );
    expect(open.map(([, , group]) => tagsOf(group))).toEqual([
      expect.objectContaining({ 'cordon:role': 'public', 'cordon:zone': 'portal' }),
    ]);
  });

  test('an internet gateway exists in the VPC of the gate alone, and only its public subnets lead there', () => {
    expect(all('AWS::EC2::InternetGateway').map(([stack]) => stack)).toEqual(['riverside-portal']);
    const routes = all('AWS::EC2::Route').filter(([, , route]) => 'GatewayId' in route.Properties);
    expect(routes.map(([stack, id]) => [stack, id])).toEqual([
      ['riverside-portal', expect.stringMatching(/^PublicRoute/)],
    ]);
  });

  test('no subnet gives out public addresses', () => {
    for (const [, , subnet] of all('AWS::EC2::Subnet')) expect(subnet.Properties.MapPublicIpOnLaunch).toBe(false);
  });

  test('every subnet has a route table and an ACL of its own making', () => {
    const subnets = all('AWS::EC2::Subnet').length;
    expect(all('AWS::EC2::SubnetRouteTableAssociation')).toHaveLength(subnets);
    expect(all('AWS::EC2::SubnetNetworkAclAssociation')).toHaveLength(subnets);
  });

  test('every VPC sends a flow log of all its traffic to one bucket that is encrypted and kept', () => {
    for (const [, , { Properties }] of all('AWS::EC2::FlowLog')) {
      expect(Properties).toMatchObject({ TrafficType: 'ALL', LogDestinationType: 's3' });
    }
    expect(all('AWS::EC2::FlowLog')).toHaveLength(5);
    const [[, , bucket] = []] = all('AWS::S3::Bucket');
    expect(bucket).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(JSON.stringify(bucket?.Properties.BucketEncryption)).toContain('aws:kms');
  });
});

describe('the transit gateway joins nothing by itself', () => {
  const tables = all('AWS::EC2::TransitGatewayRouteTable');
  const attachments = all('AWS::EC2::TransitGatewayAttachment');

  test('default association, default propagation and automatic acceptance are off', () => {
    const [[, , gateway] = []] = all('AWS::EC2::TransitGateway');
    expect(gateway?.Properties).toMatchObject({
      DefaultRouteTableAssociation: 'disable',
      DefaultRouteTablePropagation: 'disable',
      AutoAcceptSharedAttachments: 'disable',
      SecurityGroupReferencingSupport: 'disable',
    });
  });

  test('each attachment is associated with a table of its own, and nothing propagates', () => {
    expect(attachments).toHaveLength(3);
    expect(tables).toHaveLength(4);
    expect(all('AWS::EC2::TransitGatewayRouteTableAssociation')).toHaveLength(4);
    expect(all('AWS::EC2::TransitGatewayRouteTablePropagation')).toEqual([]);
  });

  test('each table drops every private address that no conduit needs', () => {
    const blackholes = all('AWS::EC2::TransitGatewayRoute').filter(
      ([, , route]) => route.Properties.Blackhole === true,
    );
    expect(blackholes.map(([stack, , route]) => `${stack} ${route.Properties.DestinationCidrBlock}`).sort()).toEqual(
      ['ehr', 'main-campus-site', 'pacs', 'soc'].flatMap((name) =>
        ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map((range) => `riverside-${name} ${range}`),
      ),
    );
  });

  test('a site learns the assets that it may call, and an asset the ranges that it may call', () => {
    const routes = all('AWS::EC2::TransitGatewayRoute').filter(
      ([, , route]) => route.Properties.Blackhole === undefined,
    );
    const shown = routes.map(([stack, id]) => `${stack} ${id.replace(/[0-9A-F]{8}$/, '')}`);
    expect(shown.filter((route) => route.includes('TransitFrom'))).toHaveLength(2);
    for (const [, , { Properties }] of routes) expect(String(Properties.DestinationCidrBlock)).toMatch(/\/(2[4-8])$/);
  });

  test('both tunnels refuse what is no longer safe', () => {
    for (const [, , vpn] of all('AWS::EC2::VPNConnection')) {
      expect(vpn.Properties.VpnTunnelOptionsSpecifications).toHaveLength(2);
      const text = JSON.stringify(vpn.Properties.VpnTunnelOptionsSpecifications);
      expect(text).not.toMatch(/SHA1|ikev1|AES128/);
      expect(text).toContain('ikev2');
    }
  });

  test('the VPN learns nothing from the other side', () => {
    for (const [, , vpn] of all('AWS::EC2::VPNConnection')) expect(vpn.Properties.StaticRoutesOnly).toBe(true);
  });
});

describe('PrivateLink', () => {
  test('a service is found by the own account alone', () => {
    for (const [, , { Properties }] of all('AWS::EC2::VPCEndpointServicePermissions')) {
      expect(JSON.stringify(Properties.AllowedPrincipals)).toMatch(/AWS::AccountId.*:root/);
    }
    expect(all('AWS::EC2::VPCEndpointServicePermissions')).toHaveLength(all('AWS::EC2::VPCEndpointService').length);
  });

  test('its balancer asks its groups about what comes through, and is internal', () => {
    const internal = all('AWS::ElasticLoadBalancingV2::LoadBalancer').filter(
      ([, , { Properties }]) => Properties.Scheme === 'internal',
    );
    expect(internal).toHaveLength(3);
    for (const [, , { Properties }] of internal) {
      expect(Properties.EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic).toBe('on');
      expect(Properties.SecurityGroups).toHaveLength(1);
    }
  });

  test('every interface endpoint has a security group', () => {
    const endpoints = all('AWS::EC2::VPCEndpoint').filter(
      ([, , { Properties }]) => Properties.VpcEndpointType === 'Interface',
    );
    for (const [, , { Properties }] of endpoints) expect(Properties.SecurityGroupIds).toHaveLength(1);
  });
});

describe('AWS services', () => {
  const services = all('AWS::EC2::VPCEndpoint').filter(
    ([, , { Properties }]) => typeof Properties.ServiceName === 'string',
  );

  test('every endpoint has a policy for the own account alone', () => {
    expect(services).toHaveLength(7);
    for (const [, , { Properties }] of services) {
      expect(JSON.stringify(Properties.PolicyDocument)).toContain('"aws:PrincipalAccount":{"Ref":"AWS::AccountId"}');
    }
  });

  test('a zone that names its buckets reaches those alone', () => {
    const [[, , gateway] = []] = services.filter(
      ([stack, , { Properties }]) => stack === 'riverside-ehr' && Properties.VpcEndpointType === 'Gateway',
    );
    const text = JSON.stringify(gateway?.Properties.PolicyDocument);
    expect(text).toContain(':s3:::chart-archive/*');
    expect(text).not.toContain('"Resource":"*"');
  });

  test('in a shared VPC one endpoint of a service bears its name', () => {
    const kms = services.filter(
      ([stack, id]) => ['riverside-lab', 'riverside-integration'].includes(stack) && id === 'AwsKms',
    );
    expect(kms.map(([, , { Properties }]) => Properties.PrivateDnsEnabled).sort()).toEqual([false, true]);
  });
});

describe('tags say whose everything is', () => {
  const tagged = [
    'AWS::EC2::Subnet',
    'AWS::EC2::SecurityGroup',
    'AWS::EC2::VPC',
    'AWS::EC2::VPCEndpoint',
    'AWS::EC2::RouteTable',
    'AWS::EC2::NetworkAcl',
    'AWS::ElasticLoadBalancingV2::LoadBalancer',
    'AWS::EC2::TransitGatewayAttachment',
  ];

  test.each(tagged)('%s has its estate', (type) => {
    for (const [, , resource] of all(type)) expect(tagsOf(resource)['cordon:estate']).toBe('riverside');
  });

  test('a subnet has its zone, unless a shared VPC keeps it for itself', () => {
    const zoneless = all('AWS::EC2::Subnet').filter(([, , subnet]) => tagsOf(subnet)['cordon:zone'] === undefined);
    expect(zoneless).toEqual([]);
  });

  test('only the subnets of assets have an asset', () => {
    for (const [, , subnet] of all('AWS::EC2::Subnet')) {
      const tags = tagsOf(subnet);
      if (tags['cordon:role'] !== 'asset') expect(tags['cordon:asset']).toBeUndefined();
      else if (tags['cordon:zone'] !== 'soc') expect(tags['cordon:asset']).toBeDefined();
    }
  });
});

test('every rule says which conduit it is for, in the characters that EC2 accepts', () => {
  const rules = [...all('AWS::EC2::SecurityGroupIngress'), ...all('AWS::EC2::SecurityGroupEgress')].map(
    ([, , { Properties }]) => String(Properties.Description),
  );
  expect(rules.length).toBeGreaterThan(20);
  for (const description of rules) expect(description).toMatch(/^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/);
});

test('nothing needs a look-up, an account or a network to synthesize', () => {
  for (const text of synthesized.texts.values()) {
    expect(text).not.toMatch(/dummy-value|DUMMY|123456789012/);
  }
});
