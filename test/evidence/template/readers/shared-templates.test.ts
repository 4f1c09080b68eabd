import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { NetworkModel } from '../../../../lib/evidence/network';
import { resolveTemplates } from '../../../../lib/evidence/template';
import { buildNetwork } from '../../../../lib/evidence/template/readers';
import { noun } from './fixture';

const FOLDER = join(__dirname, '..', '..', '..', '..', '..', 'shared', 'templates');
const describeShared = existsSync(FOLDER) ? describe : describe.skip;

function read(names: string | readonly string[], parameters: Readonly<Record<string, string>> = {}): NetworkModel {
  const files = [names].flat().map((name) => ({
    stack: basename(name).replace(/\..*/, ''),
    file: name,
    text: readFileSync(join(FOLDER, name), 'utf8'),
  }));
  return buildNetwork(resolveTemplates(files, { region: 'eu-west-2', parameters })).network;
}

describeShared('templates that others wrote', () => {
  test('a central egress: three VPCs, three attachments, who is associated and what propagates where', () => {
    const network = read('tgw-no-firewall.yaml');
    expect(network.vpcs.map((vpc) => vpc.id)).toEqual([
      'tgw-no-firewall.EgressVPC',
      'tgw-no-firewall.SpokeVPCA',
      'tgw-no-firewall.SpokeVPCB',
    ]);
    const associations = network.transitGatewayAttachments.map(({ id, association }) => [id, association]);
    expect(associations).toEqual([
      ['tgw-no-firewall.AttachEgressVPC', 'tgw-no-firewall.EgressRouteTable'],
      ['tgw-no-firewall.AttachSpokeVPCA', 'tgw-no-firewall.SpokeRouteTable'],
      ['tgw-no-firewall.AttachSpokeVPCB', 'tgw-no-firewall.SpokeRouteTable'],
    ]);
    const propagations = network.transitGatewayRouteTables.map(({ id, propagations }) => [
      id,
      propagations.map(({ attachment }) => attachment),
    ]);
    const spokes = ['tgw-no-firewall.AttachSpokeVPCA', 'tgw-no-firewall.AttachSpokeVPCB'];
    expect(propagations).toEqual([
      ['tgw-no-firewall.EgressRouteTable', spokes],
      ['tgw-no-firewall.SpokeRouteTable', spokes],
    ]);
    expect(noun(network.transitGateways, 'tgw-no-firewall.CentralTransitGateway')).toMatchObject({
      defaultAssociation: false,
      defaultPropagation: false,
    });
    expect(network.unmodelled).toEqual([]);
  });

  test('a database with a public route and no public address (dms-aurora-to-s3)', () => {
    const network = read('dms-aurora-to-s3.json');
    expect(
      network.interfaces.map(({ id, kind, publicIpv4, subnets }) => [id, kind, publicIpv4, subnets.length]),
    ).toEqual([
      ['dms-aurora-to-s3.AuroraCluster', 'database', false, 2],
      ['dms-aurora-to-s3.AuroraDB', 'database', false, 2],
      ['dms-aurora-to-s3.DMSReplicationInstance', 'workload', false, 2],
    ]);
    expect(network.unmodelled).toEqual([]);
  });

  test('a cache under a group with a single far source (elasticache-snapshot)', () => {
    const network = read('elasticache-snapshot.yaml');
    const cache = noun(network.interfaces, 'elasticache-snapshot.RedisReplicationGroup');
    expect(cache).toMatchObject({ kind: 'cache', publicIpv4: false });
    const [group] = cache.securityGroups;
    expect(noun(network.securityGroups, group ?? '').ingress).toMatchObject([
      {
        certain: true,
        traffic: { protocol: 6, ports: { from: 6379, to: 6379 } },
        peer: { kind: 'cidr', cidr: { length: 32 } },
      },
    ]);
  });

  test('a cache by a literal subnet group name, under a group that admits itself (asc-lambda-memcached)', () => {
    const network = read('asc-lambda-memcached.template.json');
    const [lambda, cache] = network.interfaces;
    expect([lambda?.kind, cache?.kind]).toEqual(['function', 'cache']);
    expect(cache?.subnets).toEqual(lambda?.subnets);
    expect(lambda?.securityGroups).toContain(cache?.securityGroups[0]);
    const group = noun(network.securityGroups, cache?.securityGroups[0] ?? '');
    expect(group.ingress).toMatchObject([
      { traffic: { protocol: 6, ports: { from: 11222, to: 11222 } }, peer: { kind: 'security-group', id: group.id } },
    ]);
    const emptied = network.securityGroups.find(({ isDefault }) => isDefault);
    expect([emptied?.ingress, emptied?.egress]).toEqual([[], []]);
    expect(network.unmodelled).toEqual([]);
  });

  describe('stacks that import from one another by names that a parameter makes (startup-kit)', () => {
    const stacks = ['vpc', 'db', 'bastion', 'elasticache', 'fargate'].map((name) => `startup-kit/${name}.cfn.yml`);
    const network = () => read(stacks, { NetworkStackName: 'vpc', DatabaseStackName: 'db' });

    test('every reference is followed: nothing external is left', () => {
      const lists = Object.values(network()).filter(Array.isArray) as { id: string; external?: boolean }[][];
      expect(
        lists
          .flat()
          .filter(({ external }) => external)
          .map(({ id }) => id),
      ).toEqual([]);
    });

    test('the public balancer forwards to the tasks, and the bastion has an elastic address', () => {
      const { interfaces, loadBalancers, targetGroups } = network();
      const [balancer] = loadBalancers;
      expect(balancer).toMatchObject({ scheme: 'internet-facing', listeners: [{ ports: { from: 80, to: 80 } }] });
      const [group] = targetGroups;
      expect(group?.targets).toMatchObject([
        { to: { kind: 'interface', id: 'fargate.DefaultFargateService' }, port: 80 },
      ]);
      expect(noun(interfaces, 'bastion.BastionNetworkInterface').publicIpv4).toBe(true);
      expect(noun(interfaces, 'fargate.DefaultFargateService').publicIpv4).toBe(false);
    });

    test("the cache's only rule names no source: unknown, and not certain (fact 8)", () => {
      const rules = noun(network().securityGroups, 'elasticache.SecurityGroup').ingress;
      expect(rules).toMatchObject([{ certain: false, peer: { kind: 'unknown' } }]);
    });
  });
});
