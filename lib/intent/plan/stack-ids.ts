/**
 * Names become stacks: one per VPC, one per zone of a shared VPC, one per VPC for its links, one per site, and the hub. Two stacks of
 * one name cannot be, so a zone or VPC whose name another stack has is refused before CDK would.
 */
import type { Diagnostic, SourceSpan } from '../../base/diagnostics';
import type { Zone, ZoneModel } from '../zones';

interface Stack {
  readonly id: string;
  readonly what: string;
  readonly span: SourceSpan;
}

export function checkStackIds(model: ZoneModel): Diagnostic[] {
  const taken = new Map<string, Stack>([['hub', { id: 'hub', what: 'the stack of the hub', span: model.source }]]);
  const diagnostics: Diagnostic[] = [];
  for (const stack of [...stacksOf(model), ...linksOf(model), ...sitesOf(model)]) {
    const other = taken.get(stack.id);
    if (other) diagnostics.push(refuse(stack, other));
    else taken.set(stack.id, stack);
  }
  return diagnostics;
}

function stacksOf(model: ZoneModel): Stack[] {
  const zones = model.zones.filter((zone) => isInVpc(zone));
  return [...model.vpcs, ...zones].map(({ name, source }) => ({ id: name, what: `\`${name}\``, span: source }));
}

function linksOf(model: ZoneModel): Stack[] {
  const own = model.zones.filter(({ placement }) => placement.kind === 'vpc');
  return [...model.vpcs, ...own].map(({ name, source }) => ({
    id: `${name}-links`,
    what: `the stack of what \`${name}\` needs of others`,
    span: source,
  }));
}

function sitesOf(model: ZoneModel): Stack[] {
  return model.sites.map(({ name, source }) => ({
    id: `${name}-site`,
    what: `the stack of site \`${name}\``,
    span: source,
  }));
}

function isInVpc({ placement }: Zone): boolean {
  return placement.kind === 'vpc' || placement.kind === 'shared-vpc';
}

function refuse(stack: Stack, other: Stack): Diagnostic {
  return {
    code: 'PLAN_NAME_TAKEN',
    severity: 'error',
    message: `${stack.what} would make a stack \`${stack.id}\`, and so does ${other.what}`,
    help: 'give the zone or VPC another name',
    span: stack.span,
    related: other.id === 'hub' ? [] : [{ message: 'the other one', span: other.span }],
  };
}
