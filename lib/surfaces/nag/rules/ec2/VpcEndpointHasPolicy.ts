import { allowsEverything, isPrivateLinkService, statementsOf } from '../../policies';
import type { SegmentationRule } from '../../rule';
import { bagAt, textAt } from '../../subject';

/** Endpoints of AWS services. A PrivateLink service of someone's own takes no policy, so the rule does not ask for one. */
export const VpcEndpointHasPolicy: SegmentationRule = {
  name: 'VpcEndpointHasPolicy',
  types: ['AWS::EC2::VPCEndpoint'],
  info: "The endpoint lets anyone in the VPC use everything the service can do, on anyone's resources. Give it a policy that names actions, principals or resources.",
  explanation:
    "An endpoint without a policy is a way out for patient data: a bucket in a stranger's account is one API call away.",
  findings: ({ properties }) => {
    if (textAt(properties, 'VpcEndpointType') === 'GatewayLoadBalancer') return [];
    if (isPrivateLinkService(properties)) return [];
    const policy = bagAt(properties, 'PolicyDocument');
    if (policy.Statement === undefined) return ['no policy'];
    return statementsOf(policy).some(allowsEverything) ? ['allows everything'] : [];
  },
};
