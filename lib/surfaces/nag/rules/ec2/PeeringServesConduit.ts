import type { SegmentationRule } from '../../rule';
import { bagsAt, textAt } from '../../subject';

export const PeeringServesConduit: SegmentationRule = {
  name: 'PeeringServesConduit',
  types: ['AWS::EC2::VPCPeeringConnection'],
  info: 'The peering connection belongs to no conduit. Declare one with `via: peering`, or use an endpoint.',
  explanation: 'Peering joins whole networks; without a conduit nobody has said why, for whom and until when.',
  findings: ({ properties }) => {
    const keys = bagsAt(properties, 'Tags').map((tag) => textAt(tag, 'Key'));
    return keys.includes('cordon:conduit') ? [] : ['no conduit'];
  },
};
