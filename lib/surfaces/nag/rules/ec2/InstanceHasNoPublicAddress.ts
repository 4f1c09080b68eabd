import type { SegmentationRule } from '../../rule';
import { bagAt, bagsAt, booleanAt, type Properties } from '../../subject';

/** Instances, the templates that launch them, and elastic addresses tied to one. */
export const InstanceHasNoPublicAddress: SegmentationRule = {
  name: 'InstanceHasNoPublicAddress',
  types: [
    'AWS::EC2::Instance',
    'AWS::EC2::LaunchTemplate',
    'AWS::AutoScaling::LaunchConfiguration',
    'AWS::EC2::EIP',
    'AWS::EC2::EIPAssociation',
  ],
  info: 'A host gets a public address of its own. Reach it through a load balancer or an endpoint of a gate zone.',
  explanation: 'A host with a public address is one route and one rule away from the internet.',
  findings: ({ type, properties }) => {
    if (type === 'AWS::EC2::EIP') return properties.InstanceId === undefined ? [] : ['InstanceId'];
    if (type === 'AWS::EC2::EIPAssociation') return ['association'];
    if (type === 'AWS::AutoScaling::LaunchConfiguration') return publicAddress([properties]);
    const launched = type === 'AWS::EC2::LaunchTemplate' ? bagAt(properties, 'LaunchTemplateData') : properties;
    return publicAddress(bagsAt(launched, 'NetworkInterfaces'));
  },
};

function publicAddress(interfaces: readonly Properties[]): string[] {
  const gets = interfaces.some((each) => booleanAt(each, 'AssociatePublicIpAddress'));
  return gets ? ['AssociatePublicIpAddress'] : [];
}
