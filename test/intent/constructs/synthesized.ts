/** Templates of an estate, by stack name. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SynthesizeOptions, synthesizeEstate } from '../../../lib/intent/constructs';
import type { ZoneModel } from '../../../lib/intent/zones';

export interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly DependsOn?: string | string[];
}

export interface Template {
  readonly Resources: Record<string, Resource>;
  readonly Outputs?: Record<string, unknown>;
  readonly Parameters?: Record<string, unknown>;
}

export class Synthesized {
  readonly texts = new Map<string, string>();

  constructor(model: ZoneModel, options?: SynthesizeOptions) {
    const folder = mkdtempSync(join(tmpdir(), 'cordon-'));
    try {
      const { assemblyDirectory } = synthesizeEstate(model, folder, options);
      const manifest = JSON.parse(readFileSync(join(assemblyDirectory, 'manifest.json'), 'utf8'));
      for (const [id, artifact] of Object.entries<{ type: string; properties: Record<string, string> }>(
        manifest.artifacts,
      )) {
        if (artifact.type !== 'aws:cloudformation:stack') continue;
        const file = join(assemblyDirectory, artifact.properties.templateFile ?? '');
        this.texts.set(artifact.properties.stackName ?? id, readFileSync(file, 'utf8'));
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  template(stack: string): Template {
    const text = this.texts.get(stack);
    if (text === undefined) throw new RangeError(`no stack ${stack} in ${[...this.texts.keys()].join(', ')}`);
    return JSON.parse(text);
  }

  /** `[stack, logical id, resource]` of one type, in all stacks */
  all(type: string): [string, string, Resource][] {
    return [...this.texts.keys()].flatMap((stack) =>
      Object.entries(this.template(stack).Resources)
        .filter(([, resource]) => resource.Type === type)
        .map(([id, resource]): [string, string, Resource] => [stack, id, resource]),
    );
  }
}

export function tagsOf({ Properties }: Resource): Record<string, string> {
  const tags = (Properties.Tags ?? []) as { Key: string; Value: string }[];
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
}
