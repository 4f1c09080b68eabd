import { network } from '../../fixtures/network-builder';

describe('the network builder gives AWS defaults', () => {
  it('a VPC comes with a default group, a default ACL that allows everything, and an empty main table', () => {
    const model = network().vpc('A', '10.0.0.0/16').subnet('A1', 'A', '10.0.1.0/24').interface('Web', 'A1').build();
    expect(model.securityGroups.map((group) => group.isDefault)).toEqual([true]);
    expect(model.networkAcls[0]?.entries).toHaveLength(4);
    expect(model.routeTables[0]).toMatchObject({ main: true, routes: [] });
    expect(model.interfaces[0]?.securityGroups).toEqual(['A#default-security-group']);
  });
});
