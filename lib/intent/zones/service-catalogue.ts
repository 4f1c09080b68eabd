/**
 * What names such as `dicom-tls` stand for on the wire. Data that ages, so dated: ports are those of IANA's service
 * name registry or of the vendor named in `reference`; an estate overrides or adds entries under `services:`.
 */

import { parseSpelled } from './spelled-service';
import type { Service, ServiceEncryption } from './zone-model';

export const CATALOGUE_AS_OF = '2026-11-23';

/** name · traffic · encryption · what it is · reference; `infrastructure` carries no patient data by its nature */
type Row = readonly [
  name: string,
  traffic: string,
  encryption: ServiceEncryption,
  description: string,
  reference: string,
  role?: 'infrastructure',
];

const ROWS: readonly Row[] = [
  // the web and its kin
  ['https', 'tcp/443', 'always', 'HTTP over TLS', 'IANA https'],
  ['https-alt', 'tcp/8443', 'always', 'HTTP over TLS on the alternative port', 'IANA pcsync-https; by custom'],
  ['http', 'tcp/80', 'never', 'HTTP in clear text', 'IANA http'],
  ['http-alt', 'tcp/8080', 'never', 'HTTP in clear text on the alternative port', 'IANA http-alt'],
  ['quic', 'udp/443', 'always', 'HTTP/3', 'RFC 9114'],
  // clinical
  ['fhir', 'tcp/443', 'always', 'HL7 FHIR REST API over TLS', 'HL7 FHIR R4, http.html'],
  ['smart-on-fhir', 'tcp/443', 'always', 'FHIR with SMART authorization', 'HL7 SMART App Launch'],
  ['dicomweb', 'tcp/443', 'always', 'DICOMweb (QIDO, WADO, STOW) over TLS', 'DICOM PS3.18'],
  ['dicom', 'tcp/104,11112', 'never', 'DICOM associations in clear text', 'IANA acr-nema, dicom'],
  ['dicom-tls', 'tcp/2762', 'always', 'DICOM associations over TLS', 'IANA dicom-tls'],
  ['dicom-iscl', 'tcp/2761', 'always', 'DICOM over the Integrated Secure Communication Layer', 'IANA dicom-iscl'],
  ['hl7-mllp', 'tcp/2575', 'never', 'HL7 v2 messages in clear text', 'IANA hl7'],
  [
    'hl7-mllp-tls',
    'tcp/12575',
    'always',
    'HL7 v2 messages over TLS; no port is registered',
    'dcm4chee archive default',
  ],
  [
    'astm-lis',
    'tcp/5001',
    'never',
    'Laboratory analysers (CLSI LIS02, formerly ASTM E1394)',
    'by custom; set your own port under `services:`',
  ],
  [
    'poct1-a',
    'tcp/4001',
    'never',
    'Point-of-care devices (CLSI POCT1-A)',
    'by custom; set your own port under `services:`',
  ],
  [
    'alaris',
    'tcp/3613;udp/3613',
    'never',
    'Infusion pumps to their server',
    'IANA alaris-disc; vendor guidance to be checked',
  ],
  ['philips-export', 'udp/24105', 'never', 'Bedside monitor data export', 'vendor programming guide, to be checked'],
  ['ihe-atna', 'tcp/6514', 'always', 'Audit records (IHE ATNA) as syslog over TLS', 'IHE ITI TF-2; IANA syslog-tls'],
  // people at a distance
  ['ssh', 'tcp/22', 'always', 'Secure shell', 'IANA ssh'],
  ['sftp', 'tcp/22', 'always', 'File transfer over secure shell', 'IANA ssh'],
  ['rdp', 'tcp/3389;udp/3389', 'always', 'Remote desktop', 'IANA ms-wbt-server'],
  ['rdp-tcp', 'tcp/3389', 'always', 'Remote desktop without its UDP transport', 'IANA ms-wbt-server'],
  ['vnc', 'tcp/5900', 'never', 'Remote frame buffer', 'IANA rfb'],
  ['telnet', 'tcp/23', 'never', 'Terminal in clear text', 'IANA telnet'],
  ['citrix', 'tcp/1494,2598', 'negotiated', 'Citrix ICA and session reliability', 'IANA ica, citriximaclient'],
  ['pcoip', 'tcp/4172;udp/4172', 'always', 'PC-over-IP desktops', 'IANA pcoip'],
  ['blast', 'tcp/8443;udp/8443', 'always', 'Blast Extreme desktops', 'vendor network port guide'],
  ['dcv', 'tcp/8443;udp/8443', 'always', 'Amazon DCV desktops', 'Amazon DCV administrator guide'],
  ['winrm', 'tcp/5986', 'always', 'Windows Remote Management over TLS', 'IANA wsmans'],
  ['winrm-http', 'tcp/5985', 'negotiated', 'Windows Remote Management over HTTP', 'IANA wsman'],
  // directory and trust
  ['dns', 'tcp/53;udp/53', 'never', 'Name resolution', 'IANA domain', 'infrastructure'],
  ['dns-tls', 'tcp/853', 'always', 'Name resolution over TLS', 'IANA domain-s', 'infrastructure'],
  ['ntp', 'udp/123', 'never', 'Time', 'IANA ntp', 'infrastructure'],
  ['nts', 'tcp/4460;udp/123', 'always', 'Authenticated time', 'IANA ntske', 'infrastructure'],
  ['ptp', 'udp/319-320', 'never', 'Precision time', 'IANA ptp-event, ptp-general', 'infrastructure'],
  ['dhcp', 'udp/67-68', 'never', 'Address assignment', 'IANA bootps, bootpc', 'infrastructure'],
  ['ldap', 'tcp/389;udp/389', 'never', 'Directory in clear text', 'IANA ldap'],
  ['ldaps', 'tcp/636', 'always', 'Directory over TLS', 'IANA ldaps'],
  ['global-catalog-tls', 'tcp/3269', 'always', 'Active Directory global catalogue over TLS', 'IANA msft-gc-ssl'],
  ['kerberos', 'tcp/88;udp/88', 'always', 'Authentication tickets', 'IANA kerberos', 'infrastructure'],
  ['kerberos-tcp', 'tcp/88', 'always', 'Authentication tickets over TCP only', 'IANA kerberos', 'infrastructure'],
  ['kpasswd', 'tcp/464;udp/464', 'always', 'Password change', 'IANA kpasswd', 'infrastructure'],
  ['oidc', 'tcp/443', 'always', 'OpenID Connect over TLS', 'OpenID Connect Core'],
  ['ocsp', 'tcp/80', 'never', 'Certificate status; signed, not encrypted', 'RFC 6960', 'infrastructure'],
  [
    'radius',
    'udp/1812-1813',
    'never',
    'Network admission and accounting',
    'IANA radius, radius-acct',
    'infrastructure',
  ],
  ['radsec', 'tcp/2083', 'always', 'RADIUS over TLS', 'IANA radsec', 'infrastructure'],
  [
    'rpc-endpoint-mapper',
    'tcp/135',
    'negotiated',
    'Windows RPC endpoint mapper; the calls use other ports',
    'IANA epmap',
  ],
  [
    'rpc-dynamic',
    'tcp/49152-65535',
    'negotiated',
    'Windows RPC dynamic ports: confine them before allowing them',
    'Windows Server service port list',
  ],
  // files and print
  [
    'smb',
    'tcp/445',
    'negotiated',
    'Windows file sharing; encrypted from SMB 3 where the server demands it',
    'IANA microsoft-ds',
  ],
  ['netbios-ssn', 'tcp/139', 'never', 'Windows file sharing of old', 'IANA netbios-ssn'],
  ['nfs', 'tcp/2049', 'negotiated', 'Network file system; Amazon EFS adds TLS', 'IANA nfs'],
  ['iscsi', 'tcp/3260', 'never', 'Block storage', 'IANA iscsi-target'],
  ['ftp', 'tcp/21', 'never', 'File transfer in clear text', 'IANA ftp'],
  ['ftps', 'tcp/990', 'always', 'File transfer over TLS, control connection', 'IANA ftps'],
  ['ipps', 'tcp/631', 'negotiated', 'Internet printing', 'IANA ipp, ipps'],
  ['jetdirect', 'tcp/9100', 'never', 'Raw printing', 'IANA hp-pdl-datastr'],
  // databases and caches
  [
    'postgres',
    'tcp/5432',
    'negotiated',
    'PostgreSQL; TLS on the same port, enforced by rds.force_ssl',
    'IANA postgresql',
  ],
  [
    'mysql',
    'tcp/3306',
    'negotiated',
    'MySQL and MariaDB; TLS on the same port, enforced by require_secure_transport',
    'IANA mysql',
  ],
  ['mssql', 'tcp/1433', 'negotiated', 'SQL Server; TLS on the same port, enforced by rds.force_ssl', 'IANA ms-sql-s'],
  ['oracle', 'tcp/1521', 'negotiated', 'Oracle; native network encryption on the same port', 'vendor default listener'],
  ['oracle-tls', 'tcp/2484', 'always', 'Oracle over TLS', 'IANA ttc-ssl'],
  ['iris', 'tcp/1972', 'negotiated', 'InterSystems IRIS superserver; TLS on the same port', 'IANA intersys-cache'],
  ['redis', 'tcp/6379', 'negotiated', 'Redis and Valkey; TLS where in-transit encryption is on', 'IANA redis'],
  ['memcached', 'tcp/11211', 'negotiated', 'Memcached; TLS where in-transit encryption is on', 'IANA memcache'],
  ['mongodb', 'tcp/27017', 'negotiated', 'MongoDB and DocumentDB; TLS on the same port', 'IANA mongodb'],
  ['cassandra', 'tcp/9042', 'negotiated', 'Cassandra native protocol', 'vendor default'],
  ['opensearch', 'tcp/9200', 'negotiated', 'OpenSearch REST API', 'vendor default'],
  ['redshift', 'tcp/5439', 'negotiated', 'Redshift; TLS on the same port', 'Amazon Redshift management guide'],
  // messages
  ['amqp', 'tcp/5672', 'never', 'AMQP in clear text', 'IANA amqp'],
  ['amqp-tls', 'tcp/5671', 'always', 'AMQP over TLS', 'IANA amqps'],
  ['mqtt', 'tcp/1883', 'never', 'MQTT in clear text', 'IANA mqtt'],
  ['mqtt-tls', 'tcp/8883', 'always', 'MQTT over TLS', 'IANA secure-mqtt'],
  ['kafka', 'tcp/9092', 'never', 'Kafka in clear text', 'Amazon MSK developer guide'],
  ['kafka-tls', 'tcp/9094', 'always', 'Kafka over TLS', 'Amazon MSK developer guide'],
  ['smtp', 'tcp/25', 'negotiated', 'Mail between servers', 'IANA smtp'],
  ['submission', 'tcp/587', 'negotiated', 'Mail submission with STARTTLS', 'IANA submission'],
  ['smtps', 'tcp/465', 'always', 'Mail submission over TLS', 'IANA submissions'],
  // voice and video
  ['sip', 'tcp/5060;udp/5060', 'never', 'Call signalling in clear text', 'IANA sip'],
  ['sip-tls', 'tcp/5061', 'always', 'Call signalling over TLS', 'IANA sips'],
  [
    'turn',
    'tcp/3478;udp/3478',
    'negotiated',
    'Relay for video visits; the media inside is DTLS-SRTP',
    'IANA stun, turn',
  ],
  ['turn-tls', 'tcp/5349', 'always', 'Relay for video visits over TLS', 'IANA stuns, turns'],
  // watching over it all
  ['syslog', 'udp/514', 'never', 'Log messages in clear text', 'IANA syslog'],
  ['syslog-tls', 'tcp/6514', 'always', 'Log messages over TLS', 'IANA syslog-tls'],
  ['snmp', 'udp/161', 'never', 'Device status', 'IANA snmp', 'infrastructure'],
  ['snmp-trap', 'udp/162', 'never', 'Device alarms', 'IANA snmptrap', 'infrastructure'],
  ['netflow', 'udp/2055', 'never', 'Flow records', 'by custom', 'infrastructure'],
  ['icmp', 'icmp', 'never', 'Any ICMP message; the plan opens echo alone', 'RFC 792', 'infrastructure'],
  ['ping', 'icmp', 'never', 'Echo request and reply', 'RFC 792', 'infrastructure'],
  ['icmpv6', 'icmpv6', 'never', 'Any ICMPv6 message; the plan opens echo alone', 'RFC 4443', 'infrastructure'],
  // the building
  ['bacnet', 'udp/47808', 'never', 'Building automation', 'IANA bacnet', 'infrastructure'],
  [
    'bacnet-sc',
    'tcp/443',
    'always',
    'Building automation over secure WebSockets',
    'ASHRAE 135, annex AB',
    'infrastructure',
  ],
  ['modbus', 'tcp/502', 'never', 'Industrial control', 'IANA mbap', 'infrastructure'],
  ['opc-ua', 'tcp/4840', 'negotiated', 'Industrial control', 'IANA opcua-tcp', 'infrastructure'],
];

export const SERVICE_CATALOGUE: ReadonlyMap<string, Service> = new Map(ROWS.map((row) => [row[0], serviceOf(row)]));

function serviceOf([name, traffic, encryption, description, reference, role]: Row): Service {
  const parts = traffic.split(';').flatMap((part) => {
    const spelled = parseSpelled(part);
    if (spelled.kind !== 'traffic')
      throw new RangeError(`the catalogue's \`${name}\` does not spell traffic: \`${part}\``);
    return spelled.traffic;
  });
  return {
    name,
    description,
    traffic: parts,
    encrypted: encryption === 'always' || encryption === 'negotiated',
    encryption,
    carriesPatientData: role !== 'infrastructure',
    reference,
  };
}
