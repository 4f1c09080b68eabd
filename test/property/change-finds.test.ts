/**
 * What `npm run fuzz -- --templates` has found: a value that a condition or a parameter decides, by which an answer became
 * surer or turned round.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { isObject, isResource } from './harmless-edits';
import { asker } from './template-laws';
import { type Document, documentOf } from './template-mutations';

const FIXTURES = path.join(__dirname, '../fixtures');
const either = (one: unknown, other: unknown) => ({ 'Fn::If': ['IsOpen', one, other] });
const ref = (name: string) => ({ Ref: name });

/** The fixture, with one property of a resource changed. */
function changed(file: string, logicalId: string, property: string, to: (before: unknown) => unknown): Document {
  const document = documentOf(file, fs.readFileSync(path.join(FIXTURES, file), 'utf8'));
  const resource = isObject(document?.Resources) ? document.Resources[logicalId] : undefined;
  if (!document || !isObject(document.Resources) || !isResource(resource)) throw new Error(`${file}: no ${logicalId}`);
  const Properties = { ...resource.Properties, [property]: to(resource.Properties?.[property]) };
  return {
    ...document,
    Parameters: { ...(isObject(document.Parameters) && document.Parameters), Open: { Type: 'String' } },
    Conditions: {
      ...(isObject(document.Conditions) && document.Conditions),
      IsOpen: { 'Fn::Equals': [ref('Open'), 'yes'] },
    },
    Resources: { ...document.Resources, [logicalId]: { ...resource, Properties } },
  };
}

const specification = (name: string) => ({ LaunchTemplateId: ref(name), Version: '1' });

test.each<[string, string, string, string, (before: unknown) => unknown, string, string]>([
  [
    'a table is that of a gateway only if a condition holds',
    'strangers/reachability-analyzer/middlebox.yaml',
    'OnEdge',
    'GatewayId',
    (before) => either(before, ref('AWS::NoValue')),
    'internet',
    'T.App',
  ],
  [
    'of a resolver endpoint nobody knows whether it asks or answers',
    'templates/fixed-addresses.yaml',
    'Res',
    'Direction',
    () => ref('Open'),
    'T.Res',
    'T.T',
  ],
  [
    'a fleet launches from one of two templates, of which one says where',
    'templates/fleets.yaml',
    'Alone',
    'LaunchTemplateConfigs',
    () => [{ LaunchTemplateSpecification: either(specification('Launch'), specification('Other')) }],
    'T.Alone',
    'T.A',
  ],
  [
    'a target group is empty unless a condition holds, and is filled by something else then',
    'strangers/reachability-analyzer/network-balancer.yaml',
    'Empty',
    'Targets',
    () => either([], [{ Id: ref('InB4') }]),
    'T.Nobody',
    'T.Far',
  ],
  [
    'which attribute a balancer is given only a parameter says',
    'strangers/reachability-analyzer/network-balancer.yaml',
    'NoPres',
    'LoadBalancerAttributes',
    () => [{ Key: ref('Open'), Value: 'true' }],
    'T.InB3',
    'T.Picky',
  ],
])('%s: unknown', (_, file, logicalId, property, to, source, destination) => {
  const { ask } = asker({ T: changed(file, logicalId, property, to) });
  const answer = ask(source, destination);
  expect(answer?.verdict).toBe('unknown');
  expect(answer?.unknowns).not.toEqual([]);
});
