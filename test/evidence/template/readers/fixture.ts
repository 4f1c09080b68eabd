import type { NetworkModel } from '../../../../lib/evidence/network';
import { buildNetwork } from '../../../../lib/evidence/template/readers';
import {
  type BuiltNetwork,
  ReferenceValue,
  type Resolved,
  type ResolvedObject,
  type Resource,
} from '../../../../lib/evidence/template/resource';

/** A resource as CloudFormation writes it, with `{ Ref }` and `{ 'Fn::GetAtt' }`, or with resolved values. */
export interface Written {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  /** false: its condition is undecided */
  readonly certain?: boolean;
}

/** The stack is called `S`: `Vpc` becomes `S.Vpc`. */
export function resourcesOf(template: Readonly<Record<string, Written>>): Resource[] {
  return Object.entries(template).map(([logicalId, written]) => ({
    id: `S.${logicalId}`,
    stack: 'S',
    logicalId,
    type: written.Type,
    properties: resolved(written.Properties ?? {}) as ResolvedObject,
    certain: written.certain ?? true,
    origin: { resource: `S.${logicalId}`, type: written.Type, place: { file: 's.json', line: 1, column: 1 } },
    metadata: {},
  }));
}

function resolved(value: unknown): Resolved {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) {
    return value as Resolved;
  }
  const record = value as Record<string, unknown>;
  if (typeof record.Ref === 'string') return new ReferenceValue({ resource: `S.${record.Ref}` });
  const attribute = record['Fn::GetAtt'];
  if (Array.isArray(attribute)) {
    return new ReferenceValue({ resource: `S.${String(attribute[0])}`, attribute: String(attribute[1]) });
  }
  if (record.unknown === true) return value as Resolved;
  return Object.fromEntries(Object.entries(record).map(([key, part]) => [key, resolved(part)]));
}

export function build(template: Readonly<Record<string, Written>>): BuiltNetwork {
  return buildNetwork({ resources: resourcesOf(template), region: 'eu-west-2', opaque: [] });
}

export function networkOf(template: Readonly<Record<string, Written>>): NetworkModel {
  return build(template).network;
}

/** The noun with an id, or a failed test that says what there is. */
export function noun<T extends { readonly id: string }>(nouns: readonly T[], id: string): T {
  const found = nouns.find((candidate) => candidate.id === id);
  if (!found) throw new Error(`no \`${id}\` among ${nouns.map((candidate) => candidate.id).join(', ')}`);
  return found;
}

export const VPC: Written = { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } };

export function subnet(cidr = '10.0.1.0/24', more: object = {}): Written {
  return { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: cidr, ...more } };
}

export function securityGroup(more: Readonly<Record<string, unknown>> = {}): Written {
  return { Type: 'AWS::EC2::SecurityGroup', Properties: { VpcId: { Ref: 'Vpc' }, GroupDescription: 'g', ...more } };
}
