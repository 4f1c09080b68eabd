/**
 * Gateways at the edge of a VPC: internet, egress-only and NAT gateways (facts 17–21).
 */
import { unknown } from '../../network';
import { addInterface, ipv6Asked, privateAddresses } from './interface';
import { addAlias, giveTo } from './part-of-host';
import { at, flagOf, isAbsent, itemsOf, type Property, resourcesNamed, textOf } from './property';
import { knownOf, originOf, type Reader, type Readers, undecided } from './reading';

const internetGateway: Reader = {
  model: 'exact',
  declare(resource, reading) {
    const { id, certain } = resource;
    reading.add('internetGateways', { id, origin: originOf(resource), certain });
  },
};

const attachment: Reader = {
  model: 'exact',
  attach(resource, reading) {
    const { properties } = resource;
    const vpc = reading.referenceValue('vpcs', at(properties, 'VpcId'), resource, 'VpcId');
    if (vpc === undefined) return;
    for (const [kind, name] of [
      ['internetGateways', 'InternetGatewayId'],
      ['vpnGateways', 'VpnGatewayId'],
    ] as const) {
      const attached = reading.satellites(resource.type, name);
      for (const { value, certain, because } of reading.changed(kind, at(properties, name), resource, name)) {
        // a gateway that has an attachment of its own is not the one that only a parameter knows
        const hasOwn = attached.get(value)?.some((other) => other !== resource);
        if (because && hasOwn && !reading.get(kind, value)?.external) continue;
        const open = because && unknown(because.reason, because.parameters);
        reading.obtain(kind, value).vpc = certain && resource.certain ? vpc : (open ?? undecided(resource));
      }
    }
  },
};

const egressOnlyGateway: Reader = {
  model: 'exact',
  declare(resource, reading) {
    const { id, certain, properties } = resource;
    const vpc =
      reading.reference('vpcs', at(properties, 'VpcId'), resource, 'VpcId') ?? reading.defaultVpc(resource).id;
    reading.add('egressOnlyGateways', { id, origin: originOf(resource), certain, vpc });
  },
};

/** Its interface has no groups; a regional one is in no subnet that the template names. */
const natGateway: Reader = {
  model: 'exact',
  declare(resource, reading) {
    const { id, certain, properties } = resource;
    const given = reading.reference('subnets', at(properties, 'SubnetId'), resource, 'SubnetId');
    const subnet = given ?? `${id}#subnet`;
    if (given === undefined) {
      reading.obtain('subnets', subnet, unknown(`AWS chooses where \`${id}\` stands`));
      reading.place('subnets', subnet, reading.reference('vpcs', at(properties, 'VpcId'), resource, 'VpcId'));
    }
    const type = textOf(at(properties, 'ConnectivityType')) ?? 'public';
    const connectivity = typeof type === 'string' ? (type.toLowerCase() === 'private' ? 'private' : 'public') : type;
    const addresses = addressesOfNat(properties).flatMap((one) => reading.prefix(one) ?? []);
    reading.add('natGateways', {
      id,
      origin: originOf(resource),
      certain,
      subnet,
      connectivity,
      ...(addresses.length > 0 && { addresses }),
    });
  },
};

/** Those that are written down, beside what AWS chooses; none where it chooses them all. */
function addressesOfNat(properties: Property): Property[] {
  const primary = at(properties, 'PrivateIpAddress');
  const secondary = itemsOf(at(properties, 'SecondaryPrivateIpAddresses')).map(
    ({ value, because }) => because ?? value,
  );
  if (isAbsent(primary) && secondary.length === 0) return [];
  const isCounted = !isAbsent(at(properties, 'SecondaryPrivateIpAddressCount'));
  const elastic = itemsOf(at(properties, 'SecondaryAllocationIds')).length;
  const isChosen = isAbsent(primary) || isCounted || elastic > secondary.length;
  return [primary, ...secondary, ...(isChosen ? [unknown('AWS chooses an address of the NAT gateway')] : [])];
}

/** An interface of its own, with a place but without an owner until something attaches it. */
const networkInterface: Reader = {
  model: 'exact',
  populate(resource, reading) {
    const { properties } = resource;
    const check = flagOf(at(properties, 'SourceDestCheck')) ?? true;
    addInterface(resource, reading, {
      kind: 'network-interface',
      subnets: at(properties, 'SubnetId'),
      securityGroups: at(properties, 'GroupSet'),
      addresses: privateAddresses(properties),
      publicIpv4: false,
      ipv6: ipv6Asked(properties),
      sourceDestCheck: check,
    });
  },
};

const interfaceAttachment: Reader = {
  model: 'exact',
  connect(resource, reading) {
    const { properties } = resource;
    const id = reading.reference('interfaces', at(properties, 'NetworkInterfaceId'), resource, 'NetworkInterfaceId');
    const instance = at(properties, 'InstanceId');
    const owner = reading.reference('interfaces', instance, resource, 'InstanceId');
    if (id === undefined || owner === undefined) return;
    giveTo(reading.obtain('interfaces', id), owner);
  },
};

/** An elastic address makes the interface it is given to public (fact 19). */
const elasticAddress: Reader = {
  model: 'exact',
  connect(resource, reading) {
    const names = [resource.id, ...resourcesNamed(at(resource.properties, 'AllocationId'))];
    for (const name of ['InstanceId', 'NetworkInterfaceId']) {
      for (const item of reading.references('interfaces', at(resource.properties, name), resource, name)) {
        const noun = reading.obtain('interfaces', item.value);
        const isCertain = item.certain && resource.certain;
        noun.publicIpv4 = isCertain || knownOf(noun.publicIpv4) ? true : (item.because ?? undecided(resource));
        for (const each of names) addAlias(noun, each);
      }
    }
  },
};

export const gatewayReaders: Readers = {
  'AWS::EC2::InternetGateway': internetGateway,
  'AWS::EC2::VPCGatewayAttachment': attachment,
  'AWS::EC2::EgressOnlyInternetGateway': egressOnlyGateway,
  'AWS::EC2::NatGateway': natGateway,
  'AWS::EC2::NetworkInterface': networkInterface,
  'AWS::EC2::NetworkInterfaceAttachment': interfaceAttachment,
  'AWS::EC2::EIP': elasticAddress,
  'AWS::EC2::EIPAssociation': elasticAddress,
};
