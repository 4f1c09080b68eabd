import { CATALOGUE_AS_OF, SERVICE_CATALOGUE } from '../../../lib/intent/zones';
import { formatTraffic } from '../../../lib/intent/zones/spelled-service';

describe('the service catalogue', () => {
  test('is dated', () => expect(CATALOGUE_AS_OF).toMatch(/^\d{4}-\d{2}-\d{2}$/));

  /** registered names and the ports that HOSPITAL.md lists */
  test.each([
    ['https', 'tcp/443', 'always'],
    ['dicom', 'tcp/104,11112', 'never'],
    ['dicom-tls', 'tcp/2762', 'always'],
    ['hl7-mllp', 'tcp/2575', 'never'],
    ['hl7-mllp-tls', 'tcp/12575', 'always'],
    ['fhir', 'tcp/443', 'always'],
    ['syslog-tls', 'tcp/6514', 'always'],
    ['syslog', 'udp/514', 'never'],
    ['ldaps', 'tcp/636', 'always'],
    ['kerberos', 'tcp/88;udp/88', 'always'],
    ['radius', 'udp/1812-1813', 'never'],
    ['radsec', 'tcp/2083', 'always'],
    ['bacnet', 'udp/47808', 'never'],
    ['alaris', 'tcp/3613;udp/3613', 'never'],
    ['turn', 'tcp/3478;udp/3478', 'negotiated'],
    ['turn-tls', 'tcp/5349', 'always'],
    ['postgres', 'tcp/5432', 'negotiated'],
    ['mssql', 'tcp/1433', 'negotiated'],
    ['oracle', 'tcp/1521', 'negotiated'],
    ['iris', 'tcp/1972', 'negotiated'],
    ['citrix', 'tcp/1494,2598', 'negotiated'],
    ['rdp-tcp', 'tcp/3389', 'always'],
    ['dns', 'tcp/53;udp/53', 'never'],
    ['ntp', 'udp/123', 'never'],
    ['icmp', 'icmp', 'never'],
  ])('%s is %s, encrypted %s', (name, traffic, encryption) => {
    const service = SERVICE_CATALOGUE.get(name);
    expect(service && [formatTraffic(service.traffic), service.encryption]).toEqual([traffic, encryption]);
  });

  test('never calls a service encrypted that never is', () => {
    const wrong = [...SERVICE_CATALOGUE.values()].filter(
      ({ encrypted, encryption }) => encrypted === (encryption === 'never'),
    );
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  test('says of every service what it is and where its ports come from', () => {
    const silent = [...SERVICE_CATALOGUE.values()].filter(({ description, reference }) => !description || !reference);
    expect(silent.map(({ name }) => name)).toEqual([]);
  });
});
