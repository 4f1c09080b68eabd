/**
 * Transforms: the two that can be followed exactly are `AWS::LanguageExtensions` and, for functions, SAM. Every other one
 * may rewrite its whole stack, and is said to.
 * Source: CloudFormation template reference, "Transforms"; AWS Serverless Application Model, "Generated resources".
 */
import { unknown } from '../../network';
import { makesStack } from '../nested-stack';
import { isRecord, type ParsedTemplate, type RawRecord } from '../parse';
import { idOf } from './evaluation';

const LANGUAGE_EXTENSIONS = 'AWS::LanguageExtensions';
const SERVERLESS = 'AWS::Serverless-2016-10-31';
/**
 * AWS's own transforms that change nothing of the network beside what the readers know of the types they are for: hooks
 * of CodeDeploy, and the functions that rotate secrets (`HostedRotationLambda`).
 */
const KNOWN_HARMLESS = /^AWS::(CodeDeployBlueGreen|SecretsManager-\d{4}-\d{2}-\d{2})$/;
const SERVERLESS_TYPE = 'AWS::Serverless::';

export interface Macro {
  readonly kind: 'macro' | 'include';
  readonly reason: string;
}

/** The transforms of a template that are not followed. */
export function opaqueTransforms(template: ParsedTemplate): Macro[] {
  return template.transforms.flatMap((transform): Macro[] => {
    const name = nameOf(transform);
    if (name === LANGUAGE_EXTENSIONS || name === SERVERLESS || KNOWN_HARMLESS.test(name)) return [];
    if (name === 'AWS::Include') {
      return [{ kind: 'include', reason: 'a part of the template is included from elsewhere' }];
    }
    return [{ kind: 'macro', reason: `transform \`${name}\` may rewrite the whole template` }];
  });
}

/** A `Fn::Transform` beside the entries of a section: it adds entries. */
export function opaqueInclusion(argument: unknown): Macro {
  const name = nameOf(argument);
  const kind = name === 'AWS::Include' ? 'include' : 'macro';
  return { kind, reason: `\`${name}\` adds resources that no template shows` };
}

function nameOf(transform: unknown): string {
  if (typeof transform === 'string') return transform;
  return isRecord(transform) && typeof transform.Name === 'string' ? transform.Name : 'a macro without a name';
}

/** What SAM makes of one of its resources, as far as it touches a network. */
export interface ServerlessReading {
  /** resources in its place, by logical id */
  readonly resources: readonly { readonly logicalId: string; readonly raw: RawRecord }[];
  /** why it is not understood, if it is not */
  readonly opaque?: string;
}

/** undefined where the resource is none of SAM's. */
export function readServerless(logicalId: string, raw: RawRecord, globals: unknown): ServerlessReading | undefined {
  const type = raw.Type;
  if (typeof type !== 'string' || !type.startsWith(SERVERLESS_TYPE)) return undefined;
  if (type === 'AWS::Serverless::Function') return readFunction(logicalId, raw, globals);
  if (makesStack(type)) return { resources: [{ logicalId, raw: { ...raw, Type: 'AWS::CloudFormation::Stack' } }] };
  const isNetworked = /Vpc|Subnet|SecurityGroup/.test(shortText(raw.Properties));
  return isNetworked
    ? { resources: [{ logicalId, raw }], opaque: `what SAM makes of \`${type}\` in a VPC is not understood` }
    : { resources: [{ logicalId, raw }] };
}

function readFunction(logicalId: string, raw: RawRecord, globals: unknown): ServerlessReading {
  const shared = isRecord(globals) && isRecord(globals.Function) ? globals.Function : {};
  const own = isRecord(raw.Properties) ? raw.Properties : {};
  const vpc = mergedRecords(shared.VpcConfig, own.VpcConfig);
  const properties: RawRecord = { ...shared, ...own, ...(vpc === undefined ? {} : { VpcConfig: vpc }) };
  const resources = [
    { logicalId, raw: { ...raw, Type: 'AWS::Lambda::Function', Properties: properties } as RawRecord },
  ];
  const url = mergedRecords(shared.FunctionUrlConfig, own.FunctionUrlConfig);
  if (isRecord(url)) {
    const Properties = { ...url, TargetFunctionArn: { 'Fn::GetAtt': [logicalId, 'Arn'] } };
    resources.push({
      logicalId: `${logicalId}Url`,
      raw: { Type: 'AWS::Lambda::Url', Condition: raw.Condition, Metadata: raw.Metadata, Properties },
    });
  }
  const isBehindApi = vpc !== undefined && /"(?:Api|HttpApi|ALB)"/.test(shortText(properties.Events));
  return isBehindApi
    ? { resources, opaque: `SAM puts an API in front of \`${logicalId}\`, which is in a VPC` }
    : { resources };
}

/**
 * Maps are merged, lists are put together, and anything else is replaced, as an intrinsic is
 * (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html).
 */
function mergedRecords(shared: unknown, own: unknown): unknown {
  if (Array.isArray(shared) && Array.isArray(own)) return [...shared, ...own];
  if (!isRecord(shared) || !isRecord(own) || isIntrinsic(shared) || isIntrinsic(own)) return own ?? shared;
  const merged: Record<string, unknown> = { ...shared };
  for (const [name, value] of Object.entries(own)) merged[name] = mergedRecords(shared[name], value);
  return merged;
}

function isIntrinsic(record: RawRecord): boolean {
  const [only, ...others] = Object.keys(record);
  return others.length === 0 && only !== undefined && (only === 'Ref' || only.startsWith('Fn::'));
}

/** The text of a small value, for looking up words in it. */
function shortText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    // nested too deeply to be written: every word may be in it
    return '"Api" Vpc';
  }
}

/** A module is text from the registry, resources of any kind. */
export function opaqueModule(stack: string, logicalId: string, type: string) {
  if (!type.endsWith('::MODULE')) return undefined;
  return unknown(`what module \`${type}\` of \`${idOf(stack, logicalId)}\` holds is not given`);
}
