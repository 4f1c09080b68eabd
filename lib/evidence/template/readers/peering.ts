/**
 * VPC peering (fact 27). The other side is an external VPC where no template shows it.
 */
import { at } from './property';
import { originOf, type Reader, type Readers } from './reading';

const peering: Reader = {
  model: 'exact',
  declare(resource, reading) {
    const { id, certain, properties } = resource;
    const requester = reading.reference('vpcs', at(properties, 'VpcId'), resource, 'VpcId') ?? `${id}#requester`;
    const accepter = reading.reference('vpcs', at(properties, 'PeerVpcId'), resource, 'PeerVpcId') ?? `${id}#accepter`;
    reading.add('peeringConnections', { id, origin: originOf(resource), certain, requester, accepter });
  },
};

export const peeringReaders: Readers = {
  'AWS::EC2::VPCPeeringConnection': peering,
};
