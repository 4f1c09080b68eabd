/** A fact that only a template shows: resources beside a VPC with one dual-stack subnet, read, and asked like any other. */
import type { NetworkModel } from '../../../lib/evidence/network';
import { readNetwork, type TemplateFile } from '../../../lib/evidence/template';
import { fact, type Row } from './fact';

export type Resources = Readonly<Record<string, { readonly Type: string; readonly Properties?: object }>>;

export const VPC: Resources = {
  Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
  Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.1.0/24' } },
};

/** Stack `S`; names in rows stand for `S.Name`. */
export function networkOfTemplate(resources: Resources, more: object = {}, stack = 'S'): NetworkModel {
  const text = JSON.stringify({ ...more, Resources: { ...VPC, ...resources } });
  return networkOfFiles([{ stack, file: `${stack}.json`, text }]);
}

export function networkOfFiles(files: readonly TemplateFile[], parameters: Readonly<Record<string, string>> = {}) {
  return readNetwork(files, { region: 'eu-west-2', parameters }).network;
}

export function factOfTemplate(
  title: string,
  resources: Resources,
  rows: readonly Row[],
  source?: string,
  more: object = {},
): void {
  fact(title, networkOfTemplate(resources, more), rows.map(inStack), source);
}

/** `App` → `S.App`, `subnet:App` → `subnet:S.App`; what has a stack already, and `internet`, stay. */
export function inStack([from, to, what, verdict]: Row): Row {
  const name = (text: string) =>
    text.startsWith('internet') || text.includes('.') ? text : text.replace(/^((?:subnet|site|external):)?/, '$1S.');
  return [name(from), name(to), what, verdict];
}
