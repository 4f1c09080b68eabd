import type { SegmentationRule } from '../../rule';
import { bagAt, listAt, textAt } from '../../subject';

export const FirewallDropsByDefault: SegmentationRule = {
  name: 'FirewallDropsByDefault',
  types: ['AWS::NetworkFirewall::FirewallPolicy'],
  info: 'The firewall policy passes what no rule speaks of. Forward to stateful rules in strict order, and drop by default.',
  explanation: 'An inspected conduit that passes by default inspects nothing (SEMANTICS 34).',
  findings: ({ properties }) => {
    const policy = bagAt(properties, 'FirewallPolicy');
    const stateless = ['StatelessDefaultActions', 'StatelessFragmentDefaultActions'];
    const passes = stateless.filter((property) => listAt(policy, property).includes('aws:pass'));
    const strict = textAt(bagAt(policy, 'StatefulEngineOptions'), 'RuleOrder') === 'STRICT_ORDER';
    const drops = listAt(policy, 'StatefulDefaultActions').some((action) => /^aws:drop_/.test(String(action)));
    return [...passes, ...(strict && drops ? [] : ['StatefulDefaultActions'])];
  },
};
