import type { SegmentationRule } from '../../rule';
import { textAt } from '../../subject';

/** `NONE` is what an absent AuthType means, and filters nobody (SEMANTICS 35). */
export const LatticeRequiresCaller: SegmentationRule = {
  name: 'LatticeRequiresCaller',
  types: ['AWS::VpcLattice::Service', 'AWS::VpcLattice::ServiceNetwork'],
  info: "Nobody asks who is calling. Set `AuthType: AWS_IAM` and an auth policy that names the conduit's who.",
  explanation: "Lattice reaches across VPCs without a route; without a caller's identity nothing is left to filter.",
  findings: ({ properties }) => (textAt(properties, 'AuthType') === 'AWS_IAM' ? [] : ['AuthType']),
};
