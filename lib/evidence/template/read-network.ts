/**
 * The whole way: templates -> resources with their intrinsics resolved -> NetworkModel.
 */
import { compareDiagnostics, type Diagnostic } from '../../base/diagnostics';
import type { NetworkModel } from '../network';
import { namesGlobalIpv6 } from './amazon-ipv6';
import { withFix } from './fixes';
import { buildNetwork } from './readers';
import { resolveTemplates } from './resolve';
import type { AbsentResource, ParameterUse, ReadOptions, Resource, TemplateFile } from './resource';

export interface ReadNetwork {
  readonly network: NetworkModel;
  readonly resources: readonly Resource[];
  /** what a condition that is false leaves out */
  readonly absent: readonly AbsentResource[];
  /** which parameters there are, and where their values come from */
  readonly parameters: readonly ParameterUse[];
  /** an error means that a template, or a part of it, could not be read; the rest of it is in the model */
  readonly diagnostics: readonly Diagnostic[];
}

export function readNetwork(files: readonly TemplateFile[], options: ReadOptions): ReadNetwork {
  const standsInForAmazon = !namesGlobalIpv6([
    ...files.map(({ text }) => text),
    ...Object.values(options.parameters ?? {}).map(String),
  ]);
  const {
    diagnostics: resolving,
    parameters,
    absent,
    ...input
  } = resolveTemplates(files, { standsInForAmazon, ...options });
  const { network, diagnostics: reading } = buildNetwork({ standsInForAmazon, ...input });
  const diagnostics = [...resolving, ...reading].sort(compareDiagnostics).map(withFix);
  return { network, resources: input.resources, absent, parameters, diagnostics };
}
