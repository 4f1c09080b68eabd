import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { NetworkModel } from '../../../../lib/evidence/network';
import { resolveTemplates } from '../../../../lib/evidence/template';
import { buildNetwork } from '../../../../lib/evidence/template/readers';
import { noun } from './fixture';

const FOLDER = join(__dirname, '..', '..', '..', '..', '..', 'shared', 'templates');
const describeShared = existsSync(FOLDER) ? describe : describe.skip;

function read(...names: string[]): NetworkModel {
  const files = names.map((name) => ({
    stack: basename(name).replace(/\..*/, ''),
    file: name,
    text: readFileSync(join(FOLDER, name), 'utf8'),
  }));
  return buildNetwork(resolveTemplates(files, { region: 'eu-west-2' })).network;
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
});
