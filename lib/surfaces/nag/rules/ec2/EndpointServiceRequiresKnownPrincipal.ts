import type { SegmentationRule } from '../../rule';
import { listAt, outlineOf, UndecidedProperty } from '../../subject';

export const EndpointServiceRequiresKnownPrincipal: SegmentationRule = {
  name: 'EndpointServiceRequiresKnownPrincipal',
  types: ['AWS::EC2::VPCEndpointServicePermissions'],
  info: 'Any account may connect to the endpoint service. Name the accounts or roles that may.',
  explanation: 'A PrivateLink service that admits everyone is published to all of AWS (SEMANTICS 31).',
  findings: ({ properties }) => {
    return listAt(properties, 'AllowedPrincipals').flatMap((value) => {
      const principal = outlineOf(value);
      // an account filled in behind `arn:aws:iam::` is one account; a principal that is all token may be `*`
      if (/^\$\{/.test(principal)) throw new UndecidedProperty('AllowedPrincipals', value);
      return principal === '*' || /^arn:[^:]*:iam::\*/.test(principal) ? [principal] : [];
    });
  },
};
