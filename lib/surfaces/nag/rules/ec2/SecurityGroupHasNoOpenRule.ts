import { openRangesOf, trafficOf } from '../../ranges';
import type { SegmentationRule } from '../../rule';
import { bagsAt, type Properties, type Subject } from '../../subject';

/** Inline rules, standalone rules, and the allow-all egress that AWS adds where a template writes none (SEMANTICS 2). */
export const SecurityGroupHasNoOpenRule: SegmentationRule = {
  name: 'SecurityGroupHasNoOpenRule',
  types: ['AWS::EC2::SecurityGroup', 'AWS::EC2::SecurityGroupIngress', 'AWS::EC2::SecurityGroupEgress'],
  info: 'A security group rule is open to the whole internet, or to a part of it that no organisation owns. Name the ranges, groups or prefix lists that need it.',
  explanation:
    'A conduit names who may talk to whom; a rule for everyone names nobody. Egress counts: it is how data leaves.',
  findings: (subject) => {
    const { properties, type } = subject;
    if (type === 'AWS::EC2::SecurityGroupIngress') return openRules('ingress', [properties]);
    if (type === 'AWS::EC2::SecurityGroupEgress') return openRules('egress', [properties]);
    return [
      ...openRules('ingress', bagsAt(properties, 'SecurityGroupIngress')),
      ...openRules('egress', bagsAt(properties, 'SecurityGroupEgress')),
      ...(hasDefaultEgress(subject) ? ['egress by default'] : []),
    ];
  },
};

function openRules(direction: 'ingress' | 'egress', rules: readonly Properties[]): string[] {
  return rules.flatMap((rule) => openRangesOf(rule).map((range) => `${direction} ${range} ${trafficOf(rule)}`));
}

function hasDefaultEgress(subject: Subject): boolean {
  if (subject.properties.SecurityGroupEgress !== undefined) return false;
  const standalone = subject.neighbours('AWS::EC2::SecurityGroupEgress');
  return !standalone.some((rule) => subject.isReferredToBy(rule.properties.GroupId));
}
