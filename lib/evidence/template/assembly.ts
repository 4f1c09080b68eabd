/**
 * A CDK cloud assembly -> TemplateFile[]: all its stacks, those of its stages, and the nested ones. Files are read by
 * the caller; paths are relative to the assembly's directory and use `/`.
 *
 * Names. A stack is called what CloudFormation calls it (`stackName`, by default its id); where one assembly holds two
 * of one name, e.g. for two regions, both are called by their path (`Stage/Stack`). A nested stack is called
 * `Parent/LogicalId`.
 */
import { compareDiagnostics, type Diagnostic } from '../../base/diagnostics';
import { withFix } from './fixes';
import { nestedStackName } from './nested-stack';
import { isRecord, type RawRecord, scanJson } from './parse';
import type { TemplateFile } from './resource';

export interface AssemblyReading {
  /** parents before what is nested in them; otherwise in the order of the manifests */
  readonly files: readonly TemplateFile[];
  readonly diagnostics: readonly Diagnostic[];
}

export type ReadAssemblyFile = (relativePath: string) => string | undefined;

/** Stages in stages, stacks in stacks: deeper than anyone nests them. */
const MAX_DEPTH = 20;

export function readAssembly(readFile: ReadAssemblyFile): AssemblyReading {
  const reader = new AssemblyReader(readFile);
  reader.directory('', 0);
  return { files: reader.files(), diagnostics: [...reader.diagnostics].sort(compareDiagnostics).map(withFix) };
}

interface FoundStack {
  readonly stackName: string;
  readonly displayName: string;
  readonly directory: string;
  readonly templateFile: string;
  readonly region?: string;
  readonly account?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** paths of file assets by their hash, from the asset manifest */
  readonly assets: ReadonlyMap<string, string>;
}

class AssemblyReader {
  readonly diagnostics: Diagnostic[] = [];
  private readonly stacks: FoundStack[] = [];

  constructor(private readonly readFile: ReadAssemblyFile) {}

  directory(directory: string, depth: number): void {
    const path = joinPath(directory, 'manifest.json');
    const manifest = this.json(path);
    if (!manifest) return;
    if (Array.isArray(manifest.missing) && manifest.missing.length > 0) {
      const message = `${manifest.missing.length} look-ups have no answer yet, so the templates hold made-up values`;
      this.complain('ASSEMBLY_CONTEXT_MISSING', message, path, 'synthesize with the context that is missing');
    }
    const artifacts = isRecord(manifest.artifacts) ? manifest.artifacts : {};
    const assets = this.assetsOf(directory, artifacts);
    for (const [id, artifact] of Object.entries(artifacts)) {
      if (!isRecord(artifact)) continue;
      const properties = isRecord(artifact.properties) ? artifact.properties : {};
      if (artifact.type === 'aws:cloudformation:stack') this.stack(id, artifact, properties, directory, assets);
      else if (artifact.type === 'cdk:cloud-assembly' && typeof properties.directoryName === 'string') {
        if (depth < MAX_DEPTH) this.directory(joinPath(directory, properties.directoryName), depth + 1);
        else this.complain('ASSEMBLY_TOO_DEEP', `stage \`${id}\` is nested too deeply`, path);
      }
    }
  }

  private stack(
    id: string,
    artifact: RawRecord,
    properties: RawRecord,
    directory: string,
    assets: ReadonlyMap<string, string>,
  ): void {
    const templateFile = properties.templateFile;
    if (typeof templateFile !== 'string') {
      this.complain('ASSEMBLY_STACK', `stack \`${id}\` names no template`, joinPath(directory, 'manifest.json'));
      return;
    }
    const environment = /^aws:\/\/([^/]*)\/(.*)$/.exec(String(artifact.environment ?? ''));
    this.stacks.push({
      stackName: typeof properties.stackName === 'string' ? properties.stackName : id,
      displayName: typeof artifact.displayName === 'string' ? artifact.displayName : id,
      directory,
      templateFile,
      account: placeOf(environment?.[1]),
      region: placeOf(environment?.[2]),
      parameters: textsOf(properties.parameters),
      assets,
    });
  }

  /** Paths of file assets by hash: the way to a nested template where its resource carries no metadata. */
  private assetsOf(directory: string, artifacts: RawRecord): ReadonlyMap<string, string> {
    const assets = new Map<string, string>();
    for (const artifact of Object.values(artifacts)) {
      if (!isRecord(artifact) || artifact.type !== 'cdk:asset-manifest' || !isRecord(artifact.properties)) continue;
      const { file } = artifact.properties;
      const manifest = typeof file === 'string' ? this.json(joinPath(directory, file)) : undefined;
      for (const [hash, asset] of Object.entries(isRecord(manifest?.files) ? manifest.files : {})) {
        const source = isRecord(asset) ? asset.source : undefined;
        if (isRecord(source) && typeof source.path === 'string') assets.set(hash, source.path);
      }
    }
    return assets;
  }

  files(): TemplateFile[] {
    const count = new Map<string, number>();
    for (const { stackName } of this.stacks) count.set(stackName, (count.get(stackName) ?? 0) + 1);
    return this.stacks.flatMap((found) => {
      const stack = count.get(found.stackName) === 1 ? found.stackName : found.displayName;
      const { region, account, parameters } = found;
      const path = joinPath(found.directory, found.templateFile);
      return this.template({ stack, file: path, region, account, parameters }, found, [path]);
    });
  }

  /** One template and all that are nested in it. `path` are the files above it, itself included. */
  private template(head: Omit<TemplateFile, 'text'>, found: FoundStack, path: readonly string[]): TemplateFile[] {
    const text = this.readFile(head.file);
    if (text === undefined) {
      this.complain('ASSEMBLY_FILE_MISSING', `the template of stack \`${head.stack}\` is not there`, head.file);
      return [];
    }
    const nested = nestedTemplates(text, found.assets).flatMap(({ logicalId, asset }) => {
      const stack = nestedStackName(head.stack, logicalId);
      const file = joinPath(found.directory, asset);
      if (path.includes(file) || path.length > MAX_DEPTH) {
        this.complain('ASSEMBLY_NESTED_IN_ITSELF', `nested stack \`${stack}\` holds itself`, head.file);
        return [];
      }
      const { region, account } = head;
      const parent = { stack: head.stack, logicalId };
      return this.template({ stack, file, region, account, parent }, found, [...path, file]);
    });
    return [this.onDemand(head), ...nested];
  }

  /** The text is read again when it is asked for: those of a large assembly would be a good part of all memory. */
  private onDemand(head: Omit<TemplateFile, 'text'>): TemplateFile {
    const { readFile } = this;
    return {
      ...head,
      generated: true,
      get text() {
        return readFile(head.file) ?? '';
      },
    };
  }

  private json(path: string): RawRecord | undefined {
    const text = this.readFile(path);
    if (text === undefined) {
      this.complain('ASSEMBLY_FILE_MISSING', `\`${path}\` is not there`, path);
      return undefined;
    }
    const value = tryParseJson(text);
    if (!isRecord(value)) {
      const { line, column } = scanJson(text).error ?? { line: 1, column: 1 };
      this.complain('ASSEMBLY_NOT_JSON', `\`${path}\` holds no object`, path, undefined, { line, column });
    }
    return isRecord(value) ? value : undefined;
  }

  private complain(code: string, message: string, file: string, help?: string, at = { line: 1, column: 1 }): void {
    this.diagnostics.push({ code, severity: 'error', message, help, span: { file, ...at } });
  }
}

/** The nested stacks of a template whose own template is an asset of the assembly. */
function nestedTemplates(
  text: string,
  assets: ReadonlyMap<string, string>,
): { readonly logicalId: string; readonly asset: string }[] {
  // most templates hold no nested stack, and parsing them twice would cost as much as reading them
  if (!text.includes('AWS::CloudFormation::Stack')) return [];
  const template = tryParseJson(text);
  const resources = isRecord(template) && isRecord(template.Resources) ? template.Resources : {};
  return Object.entries(resources).flatMap(([logicalId, resource]) => {
    if (!isRecord(resource) || resource.Type !== 'AWS::CloudFormation::Stack') return [];
    const written = isRecord(resource.Metadata) ? resource.Metadata['aws:asset:path'] : undefined;
    const asset = typeof written === 'string' ? written : assetByUrl(resource.Properties, assets);
    return asset === undefined ? [] : [{ logicalId, asset }];
  });
}

function assetByUrl(properties: unknown, assets: ReadonlyMap<string, string>): string | undefined {
  const url = isRecord(properties) ? (JSON.stringify(properties.TemplateURL) ?? '') : '';
  for (const [hash] of url.matchAll(/[0-9a-f]{64}/g)) {
    const asset = assets.get(hash);
    if (asset !== undefined) return asset;
  }
  return undefined;
}

function placeOf(written: string | undefined): string | undefined {
  return written === undefined || written === '' || written.startsWith('unknown-') ? undefined : written;
}

function textsOf(values: unknown): Readonly<Record<string, string>> | undefined {
  if (!isRecord(values)) return undefined;
  const texts = Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return texts.length > 0 ? Object.fromEntries(texts) : undefined;
}

function tryParseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Joins and normalizes: `a` and `../b` make `b`. An absolute path stays what it is. */
function joinPath(directory: string, path: string): string {
  if (path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path)) return path;
  const steps: string[] = [];
  for (const step of `${directory}/${path}`.split('/')) {
    if (step === '..' && steps.length > 0 && steps.at(-1) !== '..') steps.pop();
    else if (step !== '' && step !== '.') steps.push(step);
  }
  return steps.join('/');
}
