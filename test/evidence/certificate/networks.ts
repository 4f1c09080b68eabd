/** Small networks for tests of certificates. */
import { AddressSet, PacketSet, parsePrefix } from '../../../lib/base/net';
import type { End } from '../../../lib/evidence/network';
import { network } from '../../fixtures/network-builder';

export const host = (id: string): End => ({ kind: 'interface', id });
export const anyone = (id: string): End => ({ kind: 'subnet', id });
export const tcp = (port: number) => PacketSet.of({ protocols: [6], destinationPorts: [{ from: port, to: port }] });
export const to = (range: string): AddressSet => AddressSet.of(parsePrefix(range));

/** Two VPCs that peer; the chart's ACL answers nobody but 10.1.1.0/24. */
export const peered = network()
  .vpc('Ward', '10.1.0.0/16')
  .vpc('Chart', '10.2.0.0/16')
  .peering('Peer', 'Ward', 'Chart')
  .table('WardTable', 'Ward', ['10.2.0.0/16 -> pcx:Peer'])
  .table('ChartTable', 'Chart', ['10.1.0.0/16 -> pcx:Peer'])
  .acl('ChartAcl', 'Chart', ['100 ingress allow any 10.1.0.0/16', '100 egress allow any 10.1.1.0/24'])
  .subnet('Ward1', 'Ward', '10.1.1.0/24', { table: 'WardTable' })
  .subnet('Ward2', 'Ward', '10.1.2.0/24', { table: 'WardTable' })
  .subnet('Chart1', 'Chart', '10.2.1.0/24', { table: 'ChartTable', acl: 'ChartAcl' })
  .group('Fhir', 'Chart', ['tcp 443 from 10.1.0.0/16', 'udp 53 from 10.1.0.0/16'])
  .interface('App', 'Chart1', { groups: ['Fhir'] })
  .build();

/** A guest's endpoint leads through PrivateLink to one target; a database beside it admits the target only. */
export const linked = network()
  .vpc('Guest', '10.1.0.0/16')
  .vpc('Chart', '10.2.0.0/16')
  .subnet('Guest1', 'Guest', '10.1.1.0/24')
  .subnet('Chart1', 'Chart', '10.2.1.0/24')
  .subnet('Chart2', 'Chart', '10.2.2.0/24')
  .group('Open', 'Chart', ['any from 10.2.0.0/16'])
  .group('Closed', 'Chart', ['tcp 5432 from sg:Open'])
  .interface('App', 'Chart1', { groups: ['Open'] })
  .interface('Database', 'Chart2', { groups: ['Closed'] })
  .loadBalancer('Nlb', 'network', 'Chart1', ['tcp 443 -> Tg'], { interface: { filtered: false, groups: [] } })
  .targetGroup('Tg', 'tcp', 8443, ['App'])
  .endpointService('Svc', ['Nlb'])
  .interfaceEndpoint('Door', 'Guest1', { kind: 'private', id: 'Svc' })
  .build();
