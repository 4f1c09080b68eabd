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
