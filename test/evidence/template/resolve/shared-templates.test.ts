/** Templates that others wrote, at `../shared/templates`; where that folder is absent these tests skip themselves. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import fc from 'fast-check';
import { nestedStackName, readNetwork, resolveTemplates } from '../../../../lib/evidence/template';
import type { TemplateFile } from '../../../../lib/evidence/template/resource';
import { propertyOf, show } from './templates';

const FOLDER = path.resolve(__dirname, '../../../../../shared/templates');
const isThere = fs.existsSync(FOLDER);
const describeShared = isThere ? describe : describe.skip;

const templateOf = (name: string, more: Partial<TemplateFile> = {}): TemplateFile => ({
  stack: path.basename(name).replace(/\.[^.]+$/, ''),
  file: name,
  text: fs.readFileSync(path.join(FOLDER, name), 'utf8'),
  ...more,
});

const NAMES = isThere
  ? (fs.readdirSync(FOLDER, { recursive: true }) as string[]).filter((name) => /\.(json|ya?ml)$/.test(name)).sort()
  : [];

/** The startup kit as it is deployed: one parent with all that is nested in it. */
function startupKit(): TemplateFile[] {
  const parent = 'vpc-bastion-fargate-rds-elasticache.cfn';
  const children = {
    VpcStack: 'vpc',
    BastionStack: 'bastion',
    AuroraStack: 'aurora',
    RdsStack: 'db',
    FargateStack: 'fargate',
    ElastiCacheStack: 'elasticache',
  };
  return [
    templateOf(`startup-kit/${parent}.yml`),
    ...Object.entries(children).map(([logicalId, name]) =>
      templateOf(`startup-kit/${name}.cfn.yml`, {
        stack: nestedStackName(parent, logicalId),
        parent: { stack: parent, logicalId },
      }),
    ),
  ];
}

describeShared('templates that others wrote', () => {
  test.each(NAMES)('%s resolves without errors', (name) => {
    const resolved = resolveTemplates([templateOf(name)], {});
    expect(resolved.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(resolved.resources.length).toBeGreaterThan(0);
  });

  test('the startup kit, nested, is one network: names of imports come from outputs of its siblings', () => {
    const resolved = resolveTemplates(startupKit(), { parameters: { DatabaseEngine: 'postgres' } });
    expect(resolved.diagnostics).toEqual([]);
    expect(resolved.opaque).toEqual([]);
    const parent = 'vpc-bastion-fargate-rds-elasticache.cfn';
    expect(show(propertyOf(resolved, `${parent}/RdsStack.Database`, 'VPCSecurityGroups'))).toBe(
      `[<${parent}/VpcStack.DbSecurityGroup.GroupId>]`,
    );
    expect(show(propertyOf(resolved, `${parent}/RdsStack.DatabaseSubnetGroup`, 'SubnetIds'))).toBe(
      `[<${parent}/VpcStack.PrivateSubnet1>, <${parent}/VpcStack.PrivateSubnet2>]`,
    );
    expect(resolved.resources.some(({ stack }) => stack === `${parent}/AuroraStack`)).toBe(false);
  });

  test('the startup kit, given side by side, hangs on the name of its network stack', () => {
    const files = ['vpc', 'db'].map((name) => templateOf(`startup-kit/${name}.cfn.yml`));
    const groups = (parameters: Record<string, string>) =>
      show(propertyOf(resolveTemplates(files, { parameters }), 'db.cfn.Database', 'VPCSecurityGroups'));
    expect(groups({})).toBe('[?db.cfn.NetworkStackName]');
    expect(groups({ NetworkStackName: 'vpc.cfn' })).toBe('[<vpc.cfn.DbSecurityGroup.GroupId>]');
  });
});

describeShared('mutated templates never throw and always end', () => {
  const texts = NAMES.map((name) => fs.readFileSync(path.join(FOLDER, name), 'utf8'));
  const SNIPPETS = [
    '{',
    '}',
    '[',
    ']',
    '"',
    ':',
    ',',
    '\n',
    '  ',
    '!Ref ',
    '!Sub ',
    '!If ',
    '&a ',
    '*a',
    '- ',
    'Fn::',
    'null',
    '$' + '{',
    'AWS::NoValue',
    '0',
    '/',
  ];
  const edit = fc.record({ at: fc.nat(), drop: fc.nat({ max: 40 }), insert: fc.constantFrom('', ...SNIPPETS) });

  test('edited as text', () => {
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.array(edit, { minLength: 1, maxLength: 6 }), (text, edits) => {
        let changed = text;
        for (const { at, drop, insert } of edits) {
          const start = at % (changed.length + 1);
          changed = changed.slice(0, start) + insert + changed.slice(start + drop);
        }
        const { diagnostics, network } = readNetwork([{ stack: 'S', file: 's', text: changed }], {});
        // what is not there is said not to be there
        if (network.resourceCount === 0) expect(diagnostics).not.toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('cut off anywhere', () => {
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.nat(), (text, at) => {
        readNetwork([{ stack: 'S', file: 's', text: text.slice(0, at % text.length) }], {});
      }),
      { numRuns: 40 },
    );
  });
});
