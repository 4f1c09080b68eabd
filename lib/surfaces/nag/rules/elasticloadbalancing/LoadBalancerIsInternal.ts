import type { SegmentationRule } from '../../rule';
import { textAt } from '../../subject';

/** Absent means internet-facing, for every kind of load balancer. */
export const LoadBalancerIsInternal: SegmentationRule = {
  name: 'LoadBalancerIsInternal',
  types: ['AWS::ElasticLoadBalancingV2::LoadBalancer', 'AWS::ElasticLoadBalancing::LoadBalancer'],
  info: 'The load balancer faces the internet. Set its scheme to `internal`; the edge belongs to a gate zone.',
  explanation: 'An internet-facing balancer gives whatever is behind it a public address.',
  findings: ({ properties, type }) => {
    if (type.includes('V2') && textAt(properties, 'Type') === 'gateway') return [];
    return textAt(properties, 'Scheme') === 'internal' ? [] : ['internet-facing'];
  },
};
