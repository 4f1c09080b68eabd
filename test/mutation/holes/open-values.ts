/**
 * Values that a template leaves open: a parameter, a condition, a macro. Unknown, and the verdict names what it hangs on.
 */
import type { Hit, Templates } from '../templates';
import { type Hole, hole, naming } from './hole';
import { addIngress, groupId, store, WARD } from './words';

const SSH = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22 };

function addParameter(templates: Templates, beside: Hit, name: string): void {
  templates.section(beside, 'Parameters')[name] = { Type: 'String' };
}

export const OPEN_VALUES: readonly Hole[] = [
  naming(
    'PartnerRange',
    hole(
      'a parameter without a value says whom the store admits',
      'isolation/ward/archive',
      (templates) => {
        addParameter(templates, store(templates), 'PartnerRange');
        addIngress(store(templates), { ...SSH, CidrIp: { Ref: 'PartnerRange' } });
      },
      'unknown',
    ),
  ),
  naming(
    'DebugRule may not exist: condition `IsDebugging` is not decided',
    hole(
      'a condition that nothing decides opens the store',
      'isolation/ward/archive',
      (templates) => {
        const group = store(templates);
        addParameter(templates, group, 'Debugging');
        templates.section(group, 'Conditions').IsDebugging = { 'Fn::Equals': [{ Ref: 'Debugging' }, 'yes'] };
        const properties = { ...SSH, GroupId: groupId(group), CidrIp: WARD };
        const rule = templates.add(group, 'DebugRule', 'AWS::EC2::SecurityGroupIngress', properties);
        rule.resource.Condition = 'IsDebugging';
      },
      'unknown',
    ),
  ),
  naming(
    'Surprise',
    hole(
      'a macro may rewrite the archive',
      'isolation/ward/archive',
      (templates) => templates.replaceSection(store(templates), 'Transform', ['Surprise']),
      'unknown',
      'as synthesized',
    ),
  ),
];
