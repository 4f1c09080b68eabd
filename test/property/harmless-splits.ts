/**
 * One template as two that hand on values to each other: AWS would build the same network. VPCs, subnets, tables and gateways
 * go into a template of their own, as far as they refer to nothing else.
 */
import { isObject, isResource, resourcesOf } from './harmless-edits';
import type { Document } from './template-mutations';

export type HarmlessSplit = (stack: string, document: Document) => Readonly<Record<string, Document>>;

const FOUNDATIONS =
  /^AWS::EC2::(VPC|VPCCidrBlock|Subnet|RouteTable|InternetGateway|TransitGateway|TransitGatewayRouteTable|NetworkAcl)$/;
/** what names resources in ways that are not followed here */
const UNREADABLE = /"Fn::(Sub|ForEach|Transform)|"Custom::/;

interface HandOn {
  readonly write: (name: string, value: unknown) => { readonly Outputs?: Document; readonly Resources?: Document };
  readonly read: (name: string) => unknown;
  /** what the reading template asks for */
  readonly parameters?: (name: string) => Document;
}

const exports_: HandOn = {
  write: (name, Value) => ({ Outputs: { [name]: { Value, Export: { Name: `net-${name}` } } } }),
  read: (name) => ({ 'Fn::ImportValue': `net-${name}` }),
};

const systemsManager: HandOn = {
  write: (name, Value) => ({
    Resources: {
      [`Hand${name}`]: { Type: 'AWS::SSM::Parameter', Properties: { Name: `/net/${name}`, Type: 'String', Value } },
    },
  }),
  read: (name) => `{{resolve:ssm:/net/${name}}}`,
};

const nobody: HandOn = {
  write: () => ({}),
  read: (name) => ({ Ref: `Given${name}` }),
  parameters: (name) => ({ [`Given${name}`]: { Type: 'String' } }),
};

/** The resources that can stand in a template of their own. */
function foundationsOf(document: Document): ReadonlySet<string> {
  const resources = resourcesOf(document);
  const unreadable = resources.map(([, one]) => JSON.stringify(one)).filter((text) => UNREADABLE.test(text));
  if (resources.some(([id]) => id.startsWith('Fn::'))) return new Set();
  const referred = (value: unknown) => [...JSON.stringify(value).matchAll(/"(?:Ref":|Fn::GetAtt":\[)"([^"]+)"/g)];
  const ids = new Set(resources.map(([id]) => id));
  const found = new Set(
    resources
      .filter(([, one]) => isResource(one) && FOUNDATIONS.test(one.Type) && one.Condition === undefined)
      .filter(([id]) => !unreadable.some((text) => text.includes(id)))
      .map(([id]) => id),
  );
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const [id, one] of resources) {
      if (referred(one).some(([, name = '']) => ids.has(name) && !found.has(name))) found.delete(id);
    }
  }
  return found;
}

const apart =
  ({ write, read, parameters }: HandOn): HarmlessSplit =>
  (stack, document) => {
    const moved = foundationsOf(document);
    const handed = new Map<string, unknown>();
    const visit = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(visit);
      if (!isObject(value)) return value;
      const [[key = '', argument] = [], ...others] = Object.entries(value);
      const path = key === 'Ref' || key === 'Fn::GetAtt' ? [argument].flat().join('.').split('.') : [];
      if (others.length > 0 || !moved.has(path[0] ?? '')) {
        return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, visit(each)]));
      }
      handed.set(path.join('x'), value);
      return read(path.join('x'));
    };
    const without = (resource: unknown): unknown => {
      if (!isResource(resource)) return visit(resource);
      const { DependsOn, ...others }: Document = resource;
      const kept = [DependsOn ?? []].flat().filter((each) => !moved.has(String(each)));
      return visit({ ...others, ...(kept.length > 0 && { DependsOn: kept }) });
    };
    const upper = Object.fromEntries(
      resourcesOf(document).flatMap(([id, one]) => (moved.has(id) ? [] : [[id, without(one)]])),
    );
    const { Outputs, ...sections } = document;
    const more = Object.entries({ Outputs, Globals: sections.Globals }).filter(([, each]) => each !== undefined);
    const seen = Object.fromEntries(more.map(([name, each]) => [name, visit(each)]));
    const asked = [...handed.keys()].map((name) => parameters?.(name));
    const Parameters = Object.assign({}, sections.Parameters, ...asked);
    const Above = { ...sections, ...seen, Parameters, Resources: upper };
    const written = [...handed].map(([name, value]) => write(name, value));
    const Below = {
      ...sections,
      Resources: Object.assign(
        Object.fromEntries(resourcesOf(document).filter(([id]) => moved.has(id))),
        ...written.map(({ Resources }) => Resources),
      ),
      Outputs: Object.assign({}, ...written.map((each) => each.Outputs)),
    };
    return moved.size === 0 ? { [stack]: document } : { [stack]: Above, [`${stack}Net`]: Below };
  };

export const HARMLESS_SPLITS: Readonly<Record<string, HarmlessSplit>> = {
  'foundations in a template that exports them': apart(exports_),
  'foundations in a template that writes them to Systems Manager': apart(systemsManager),
};

/** Whoever deploys them knows what is what, and has not said so. */
export const UNTIED_SPLIT: HarmlessSplit = apart(nobody);
