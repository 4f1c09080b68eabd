/**
 * Synthesized templates as plain objects that a mutation may edit, and the words in which it finds what to edit. Finding
 * nothing throws: a mutation that changes nothing would be "caught" by nobody.
 */
import type { TemplateFile } from '../../lib/evidence/template';

export type Properties = Record<string, unknown>;

export interface ResourceBody {
  Type: string;
  Properties: Properties;
  [key: string]: unknown;
}

interface TemplateBody {
  Resources: Record<string, ResourceBody>;
  Outputs?: Record<string, unknown>;
  [section: string]: unknown;
}

/** One resource, where it stands. */
export interface Hit {
  readonly stack: string;
  readonly logicalId: string;
  readonly resource: ResourceBody;
}

/** Tags without their `cordon:` prefix, e.g. `{ zone: 'ehr', asset: 'app' }`; all must match. */
export type Tags = Readonly<Record<string, string>>;

export class Templates {
  private constructor(
    private readonly heads: readonly TemplateFile[],
    private readonly bodies: ReadonlyMap<string, TemplateBody>,
  ) {}

  static of(files: readonly TemplateFile[]): Templates {
    return new Templates(files, new Map(files.map(({ stack, text }) => [stack, JSON.parse(text) as TemplateBody])));
  }

  clone(): Templates {
    return Templates.of(this.files());
  }

  files(): TemplateFile[] {
    return this.heads.map((head) => ({ ...head, text: JSON.stringify(this.bodies.get(head.stack), undefined, 1) }));
  }

  /** Every resource of a type with these tags, in the order of stacks and templates. */
  all(type: string, tags: Tags = {}): Hit[] {
    return [...this.bodies].flatMap(([stack, { Resources }]) => {
      const entries = Object.entries(Resources).filter(
        ([, resource]) => resource.Type === type && hasTags(resource, tags),
      );
      return entries.map(([logicalId, resource]) => {
        resource.Properties ??= {};
        return { stack, logicalId, resource };
      });
    });
  }

  /** The first resource of a type that has these tags and fits. */
  pick(type: string, tags: Tags, fits: (hit: Hit) => boolean = () => true): Hit {
    const hits = this.all(type, tags).filter(fits);
    const [hit] = hits;
    if (!hit) throw new Error(`no ${type} with ${JSON.stringify(tags)} that fits`);
    return hit;
  }

  /** Adds a resource to the stack of another one. */
  add(beside: Hit, logicalId: string, type: string, properties: Properties): Hit {
    const body = this.body(beside.stack);
    if (body.Resources[logicalId]) throw new Error(`${logicalId} is there already`);
    const resource = { Type: type, Properties: properties };
    body.Resources[logicalId] = resource;
    return { stack: beside.stack, logicalId, resource };
  }

  remove(hit: Hit): void {
    const body = this.body(hit.stack);
    delete body.Resources[hit.logicalId];
  }

  /** A section of the template that a resource stands in; made where it is absent. */
  section(beside: Hit, name: string): Record<string, unknown> {
    const body = this.body(beside.stack);
    const section = body[name] ?? {};
    body[name] = section;
    return section as Record<string, unknown>;
  }

  replaceSection(beside: Hit, name: string, value: unknown): void {
    this.body(beside.stack)[name] = value;
  }

  /** A reference to `to` that works in the stack of `from`: across stacks by an export. */
  reference(from: Hit, to: Hit, attribute?: string): unknown {
    const own = attribute ? { 'Fn::GetAtt': [to.logicalId, attribute] } : { Ref: to.logicalId };
    if (from.stack === to.stack) return own;
    const name = `mutation:${to.stack}:${to.logicalId}:${attribute ?? 'Ref'}`;
    const body = this.body(to.stack);
    body.Outputs = {
      ...body.Outputs,
      [`Mutation${to.logicalId}${attribute ?? ''}`]: { Value: own, Export: { Name: name } },
    };
    return { 'Fn::ImportValue': name };
  }

  private body(stack: string): TemplateBody {
    const body = this.bodies.get(stack);
    if (!body) throw new Error(`no stack ${stack}`);
    return body;
  }
}

function hasTags(resource: ResourceBody, tags: Tags): boolean {
  return Object.entries(tags).every(([name, value]) => tagOf({ resource }, name) === value);
}

/** The value of a tag, named without its `cordon:` prefix. */
export function tagOf({ resource }: Pick<Hit, 'resource'>, name: string): string | undefined {
  const tags = resource.Properties?.Tags;
  const list = Array.isArray(tags) ? (tags as { Key: string; Value: string }[]) : [];
  return list.find(({ Key }) => Key === `cordon:${name}`)?.Value;
}

/** Whether a value refers to this resource, directly or somewhere inside. */
export function refersTo(value: unknown, hit: Hit): boolean {
  return JSON.stringify(value ?? null).includes(`"${hit.logicalId}"`);
}
