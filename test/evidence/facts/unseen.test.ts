import { endKey } from '../../../lib/evidence/network';
import { ReachabilityEngine } from '../../../lib/evidence/reachability';
import { network } from '../../fixtures/network-builder';
import { fact } from './fact';

const unseen = () =>
  network()
    .vpc('A', '10.1.0.0/16')
    .subnet('A1', 'A', '10.1.1.0/24')
    .group('App', 'A', [])
    .group('Db', 'A', ['tcp 5432 from sg:App'])
    .interface('Server', 'A1', { groups: ['App'] })
    .interface('Database', 'A1', { groups: ['Db'] })
    // its group is a parameter's: of that no template says more than an id
    .interface('Guest', 'A1', { groups: ['Given'] });

fact(
  '3: whoever wears a group that no template shows may be a member of any group, the one that a rule names too',
  unseen().build(),
  [
    ['Server', 'Database', 'tcp 5432', 'reachable'],
    ['Guest', 'Database', 'tcp 5432', 'unknown'],
    ['Guest', 'Database', 'tcp 22', 'blocked'],
  ],
);

fact(
  '3: a group is of the VPC in which it is worn, where a template leaves open which that is',
  network()
    .vpc('A', '10.1.0.0/16')
    .vpc('Given', '?', { external: true })
    .subnet('A1', 'A', '10.1.1.0/24')
    .group('App', 'Given', [])
    .group('Db', 'Given', ['tcp 5432 from sg:App'])
    .interface('Server', 'A1', { groups: ['App'] })
    .interface('Database', 'A1', { groups: ['Db'] })
    .build(),
  [
    ['Server', 'Database', 'tcp 5432', 'reachable'],
    ['Database', 'Server', 'tcp 5432', 'blocked'],
  ],
);

fact(
  '1: in a VPC that no template shows, what is launched may wear groups that none shows',
  network()
    .vpc('Theirs', '10.9.0.0/16', { external: true })
    .subnet('S1', 'Theirs', '10.9.1.0/24')
    .group('Ours', 'Theirs', [])
    .interface('Cache', 'S1', { groups: ['Ours'] })
    .build(),
  [
    ['subnet:S1', 'Cache', 'tcp 6379', 'blocked'],
    ['Cache', 'subnet:S1', 'tcp 6379', 'unknown'],
  ],
);

/** Two VPCs behind a transit gateway; the range of the subnet by which packets come into the second is a parameter's. */
const hidden = () =>
  network()
    .vpc('V', '10.1.0.0/16')
    .vpc('W', '10.2.0.0/16')
    .transitGateway('Hub')
    .table('OutV', 'V', ['10.0.0.0/8 -> tgw:Hub'])
    .table('OutW', 'W', ['10.0.0.0/8 -> tgw:Hub'])
    .subnet('V1', 'V', '10.1.1.0/24', { table: 'OutV' })
    .subnet('Door', 'W', '?', { table: 'OutW' })
    .subnet('W1', 'W', '10.2.1.0/24', { table: 'OutW' })
    .attachment('AttV', 'Hub', { kind: 'vpc', vpc: 'V', subnets: ['V1'] }, { association: 'Rt' })
    .attachment('AttW', 'Hub', { kind: 'vpc', vpc: 'W', subnets: ['Door'] }, { association: 'Rt' })
    .transitGatewayTable('Rt', 'Hub', [], ['AttV', 'AttW'])
    .group('Open', 'V', ['any from 10.0.0.0/8'])
    .group('Chart', 'W', ['tcp 443 from 10.0.0.0/8'])
    .interface('Ward', 'V1', { groups: ['Open'] })
    .interface('Store', 'W1', { groups: ['Chart'] });

test('25: behind an attachment subnet whose range is not known, hosts of the other subnets may be reached', () => {
  const engine = new ReachabilityEngine(hidden().build(), 'may');
  const { reaches } = engine.reachFrom({ kind: 'interface', id: 'Ward' });
  expect(reaches.map(({ to }) => endKey(to))).toContain('interface:Store');
});
