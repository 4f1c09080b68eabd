import { openRange } from '../../ranges';
import type { SegmentationRule } from '../../rule';
import { booleanAt, textAt } from '../../subject';

export const ClientVpnAuthorizesNamedGroups: SegmentationRule = {
  name: 'ClientVpnAuthorizesNamedGroups',
  types: ['AWS::EC2::ClientVpnAuthorizationRule'],
  info: 'Everyone who can log in to the Client VPN reaches the network. Authorize a group, for the ranges it needs.',
  explanation: 'Remote access for all groups, or to all addresses, is a conduit without a who or a what.',
  findings: ({ properties }) => [
    ...(booleanAt(properties, 'AuthorizeAllGroups') || properties.AccessGroupId === undefined ? ['all groups'] : []),
    ...[textAt(properties, 'TargetNetworkCidr') ?? '0.0.0.0/0'].flatMap((cidr) => openRange(cidr) ?? []),
  ],
};
