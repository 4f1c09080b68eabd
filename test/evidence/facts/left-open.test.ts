/**
 * What a template leaves open leaves no more open than it must: a range that is not known is none that others have, and what
 * may not exist carries nothing for certain.
 */
import { network } from '../../fixtures/network-builder';
import { fact } from './fact';

const open = { groups: ['Open'] };
const vpc = () => network().vpc('V', '10.0.0.0/16').group('Open', 'V', ['any from 10.0.0.0/8']);

fact(
  '14: subnets of one VPC do not overlap, so one whose range is not known has no address of another',
  vpc()
    .table('Rt', 'V', ['10.0.2.0/24 -> firewall:Fw@Inspection'])
    .subnet('A', 'V', '10.0.1.0/24', { table: 'Rt' })
    .subnet('B', 'V', '10.0.2.0/24')
    .subnet('Inspection', 'V', '?')
    .firewall('Fw', 'V', 'Inspection', { statefulDefault: 'pass' })
    .interface('Ward', 'A', open)
    .interface('Store', 'B', open)
    .interface('Somewhere', 'Inspection', open)
    .build(),
  [
    // the answer comes back past the firewall, which passes it as it passes any
    ['Ward', 'Store', 'udp 53', 'reachable'],
    ['Ward', 'Somewhere', 'udp 53', 'unknown'],
  ],
  'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html: InvalidIPAddress.InUse',
);

const balanced = (kind: { readonly certain?: boolean; readonly crossZone?: boolean }) =>
  vpc()
    .subnet('A', 'V', '10.0.1.0/24', { az: 'a' })
    .subnet('B', 'V', '10.0.2.0/24', { az: 'b' })
    .interface('Ward', 'A', { ...open, address: '10.0.1.7' })
    .interface('Store', 'B', { ...open, address: '10.0.2.50' })
    .loadBalancer('Nlb', 'network', 'A', ['tcp 80 -> Tg'], {
      interface: { filtered: false, address: '10.0.1.9' },
      ...kind,
    })
    .targetGroup('Tg', 'tcp', 8080, ['10.0.2.50'], { targetType: 'ip', preserveClientIp: false })
    .build();

fact('32: a target that is an address is in the zone of the subnet that holds it', balanced({ crossZone: true }), [
  ['Ward@10.0.1.7', 'Store@10.0.1.9', 'tcp 80', 'reachable'],
]);
fact('32: and a balancer that is not cross-zone sends nothing to another', balanced({ crossZone: false }), [
  ['Ward@10.0.1.7', 'Store@10.0.1.9', 'tcp 80', 'blocked'],
]);
fact('32: a balancer that may not exist passes nothing on for certain', balanced({ crossZone: true, certain: false }), [
  ['Ward@10.0.1.7', 'Store@10.0.1.9', 'tcp 80', 'unknown'],
]);

const listed = (certain: boolean) => {
  const model = vpc()
    .prefixList('List', ['10.0.0.0/16'])
    .group('Listed', 'V', ['tcp 443 from pl:List'])
    .subnet('A', 'V', '10.0.1.0/24')
    .interface('Ward', 'A', open)
    .interface('Store', 'A', { groups: ['Listed'] })
    .build();
  return { ...model, prefixLists: model.prefixLists.map((list) => ({ ...list, certain })) };
};

fact('7: a prefix list counts as its entries', listed(true), [['Ward', 'Store', 'tcp 443', 'reachable']]);
fact('7: one that may not exist admits nobody for certain', listed(false), [
  ['Ward', 'Store', 'tcp 443', 'unknown'],
  ['Ward', 'Store', 'tcp 22', 'blocked'],
]);

fact(
  '29: a gateway endpoint to a service that is not known leads to one of AWS, and takes no private address',
  vpc()
    .vpc('W', '10.1.0.0/16')
    .peering('P', 'V', 'W')
    .table('Rt', 'V', ['10.1.0.0/16 -> pcx:P'])
    .table('RtW', 'W', ['10.0.0.0/16 -> pcx:P'])
    .subnet('A', 'V', '10.0.1.0/24', { table: 'Rt' })
    .subnet('B', 'W', '10.1.1.0/24', { table: 'RtW' })
    .endpoint('Open', 'V', 'gateway', { routeTables: ['Rt'] })
    .group('Peers', 'W', ['tcp 443 from 10.0.0.0/8'])
    .interface('Ward', 'A', open)
    .interface('Store', 'B', { groups: ['Peers'] })
    .build(),
  [
    ['Ward', 'Store', 'tcp 443', 'reachable'],
    ['Ward', 'internet', 'tcp 443', 'blocked'],
  ],
);

fact(
  '29: beside one to a service that is not known, the internet is still where the default route leads',
  vpc()
    .internetGateway('Igw', 'V')
    .table('Rt', 'V', ['0.0.0.0/0 -> igw:Igw'])
    .subnet('A', 'V', '10.0.1.0/24', { table: 'Rt' })
    .endpoint('Open', 'V', 'gateway', { routeTables: ['Rt'] })
    .interface('Ward', 'A', { ...open, publicIpv4: true })
    .build(),
  [['Ward', 'internet', 'tcp 443', 'reachable']],
);

fact(
  '27: peering leads to the subnets that a template shows of a VPC that it is only given',
  vpc()
    .vpc('Given', '?', { external: true })
    .peering('P', 'V', 'Given')
    .table('Rt', 'V', ['10.1.0.0/16 -> pcx:P'])
    .table('RtGiven', 'Given', ['10.0.0.0/16 -> pcx:P'])
    .subnet('A', 'V', '10.0.1.0/24', { table: 'Rt' })
    .subnet('B', 'Given', '10.1.1.0/24', { table: 'RtGiven' })
    .group('Peers', 'Given', ['tcp 443 from 10.0.0.0/16'])
    .interface('Ward', 'A', open)
    .interface('Store', 'B', { groups: ['Peers'] })
    .build(),
  [
    ['Ward', 'Store', 'tcp 443', 'unknown'],
    ['Ward', 'Store', 'tcp 22', 'blocked'],
  ],
);

/** One host of two is given the address that a rule admits. */
const given = (certain: boolean) =>
  network()
    .vpc('V', '10.0.0.0/16')
    .subnet('S', 'V', '10.0.1.0/24')
    .subnet('T', 'V', '10.0.2.0/24')
    .group('Any', 'V', ['any from 0.0.0.0/0'])
    .group('Narrow', 'V', ['tcp 443 from 10.0.1.10/32'])
    .interface('Given', 'S', { groups: ['Any'], address: '10.0.1.10', certain })
    .interface('Other', 'S', { groups: ['Any'] })
    .interface('Store', 'T', { groups: ['Narrow'] })
    .build();

fact(
  '9: an address that is given to one host is picked for nobody else in its subnet',
  given(true),
  [
    ['Given', 'Store', 'tcp 443', 'reachable'],
    ['Other', 'Store', 'tcp 443', 'blocked'],
    ['subnet:S', 'Store', 'tcp 443', 'blocked'],
  ],
  'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html: InvalidIPAddress.InUse',
);
fact('9: but where that host may not exist, AWS may pick it', given(false), [['Other', 'Store', 'tcp 443', 'unknown']]);
