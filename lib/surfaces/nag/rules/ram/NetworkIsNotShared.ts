import type { SegmentationRule } from '../../rule';
import { listAt, outlineOf, UndecidedProperty } from '../../subject';

const NETWORK = /:(subnet|transit-gateway|prefix-list|servicenetwork|service-network|firewall-policy)\//;

export const NetworkIsNotShared: SegmentationRule = {
  name: 'NetworkIsNotShared',
  types: ['AWS::RAM::ResourceShare'],
  info: 'The share puts a part of the network into the hands of other accounts. Keep subnets and gateways in one account, or name the accounts and declare them as zones.',
  explanation:
    'What others attach to a shared subnet or gateway is in no template that this plan shows (SEMANTICS 26).',
  findings: ({ properties }) => {
    const arns = listAt(properties, 'ResourceArns');
    if (arns.some((arn) => NETWORK.test(outlineOf(arn)))) return ['network resource'];
    const opaque = arns.find((arn) => typeof arn !== 'string');
    if (opaque !== undefined) throw new UndecidedProperty('ResourceArns', opaque);
    return [];
  },
};
