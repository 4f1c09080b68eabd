/**
 * The cloud assembly that a synth just wrote, as the validation context gives it: where it is, which templates it has,
 * and which file a stack's template is in.
 */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { type IPolicyValidationContext, Stack, Stage } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

export class AssemblyFiles {
  private constructor(
    /** the directory that holds the outermost `manifest.json` */
    readonly directory: string,
    private readonly templates: readonly string[],
    private readonly root: IConstruct,
  ) {}

  static of(context: IPolicyValidationContext): AssemblyFiles {
    const root = context.appConstruct;
    const directory = Stage.isStage(root) ? root.outdir : path.dirname(context.templatePaths[0] ?? '.');
    return new AssemblyFiles(directory, [...context.templatePaths].sort(), root);
  }

  /** A file of the assembly, by its path in it. */
  tryRead(file: string): string | undefined {
    const full = path.resolve(this.directory, file);
    return fs.existsSync(full) ? fs.readFileSync(full, 'utf8') : undefined;
  }

  /** Equal for equal templates, nested ones included: they are files of the same directories. */
  fingerprint(): string {
    const hash = createHash('sha256');
    for (const file of this.everyTemplate()) hash.update(`${file}\0`).update(fs.readFileSync(file)).update('\0');
    return hash.digest('hex');
  }

  /** The template's path for a stack by any of the names it goes by; undefined where it is not one of this app's. */
  templateOf(stackName: string): string | undefined {
    const stacks = this.root.node.findAll().filter((node) => Stack.isStack(node));
    const stack = stacks.find((each) =>
      [each.artifactId, each.stackName, each.node.path, each.node.id].includes(stackName),
    );
    if (!stack) return undefined;
    return path.join(Stage.of(stack)?.outdir ?? this.directory, stack.templateFile);
  }

  private everyTemplate(): readonly string[] {
    const folders = new Set([this.directory, ...this.templates.map((file) => path.dirname(file))]);
    const found = [...folders].flatMap((folder) => {
      const names = fs.readdirSync(folder).filter((name) => name.endsWith('.template.json'));
      return names.map((name) => path.join(folder, name));
    });
    return [...new Set([...this.templates, ...found])].sort();
  }
}
