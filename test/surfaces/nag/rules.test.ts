import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, CfnParameter, CfnResource, Stack } from 'aws-cdk-lib';
import { HospitalSegmentationChecks } from '../../../lib/surfaces/nag';
import { RULES } from '../../../lib/surfaces/nag/rules';
import { type Resource, RULE_CASES } from './rule-cases';

/** Findings of one rule on one resource, as the pack reports them, without the rule's name. */
function findingsOf(ruleName: string, { type, properties, beside = {} }: Resource): string[] {
  const stack = new Stack(new App(), 'Stack');
  new CfnParameter(stack, 'Open');
  for (const [logicalId, other] of Object.entries(beside)) new CfnResource(stack, logicalId, { ...other });
  new CfnResource(stack, 'Subject', { type, properties: { ...properties } });
  const { violations } = new HospitalSegmentationChecks().validateScope(stack);
  const prefix = `HospitalSegmentation-${ruleName}[`;
  const own = violations.filter(({ ruleName: id, violatingResources }) => {
    return id.startsWith(prefix) && violatingResources.some(({ constructPath }) => constructPath === 'Stack/Subject');
  });
  return own.map(({ ruleName: id }) => id.slice(prefix.length, -1));
}

/** Ids hold no spaces: CDK would not find them again. A matcher stays what it is. */
function asId<T>(finding: T): T | string {
  return typeof finding === 'string' ? finding.replaceAll(' ', '-') : finding;
}

describe.each(Object.entries(RULE_CASES))('%s', (ruleName, { holds, breaks, undecided }) => {
  test.each(holds)('holds for $type $properties', (resource) => expect(findingsOf(ruleName, resource)).toEqual([]));
  for (const [resource, ...findings] of breaks) {
    test(`is broken by ${JSON.stringify(resource)}`, () =>
      expect(findingsOf(ruleName, resource)).toEqual(findings.map(asId)));
  }
  test.each(undecided)('is a violation where the template leaves it open: $properties', (resource) => {
    expect(findingsOf(ruleName, resource)).toEqual([expect.stringMatching(/^undecided:-/)]);
  });
});

describe('the set of rules', () => {
  test('has cases for every rule: good, bad and open', () => {
    expect(Object.keys(RULE_CASES).sort()).toEqual(RULES.map((rule) => rule.name).sort());
    for (const [name, { holds, breaks, undecided }] of Object.entries(RULE_CASES)) {
      expect([name, holds.length > 0, breaks.length > 0, undecided.length > 0]).toEqual([name, true, true, true]);
    }
  });
  test('keeps each rule in a file of its name', () => {
    const folder = path.resolve(__dirname, '../../../lib/surfaces/nag/rules');
    const files = fs
      .readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.includes(path.sep));
    expect(files.map((file) => path.basename(file, '.ts')).sort()).toEqual(RULES.map((rule) => rule.name).sort());
  });
  test('says for each rule what is wrong, what mends it and why', () => {
    for (const { info, explanation } of RULES) {
      expect(info).toMatch(/^[A-Z].{40,}\.$/);
      expect(explanation).toMatch(/^[A-Z].{40,}\.?/);
    }
  });
});
