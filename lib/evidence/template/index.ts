/**
 * A cloud assembly, or any CloudFormation templates -> NetworkModel. Imports `base` and `network` only; files come as
 * text.
 *
 * `parse/` reads one text, `resolve/` resolves all intrinsics over all stacks, `readers/` reads AWS's nouns out of the
 * resources. `assembly.ts` finds the templates of a CDK cloud assembly.
 *
 * A resource's id is `Stack.LogicalId`. A nested stack is a stack of its own, called `Parent/LogicalId`
 * (`nestedStackName`), so that what it makes is `Parent/LogicalId.Thing`; the part behind the last dot is always the
 * logical id.
 */
export { type AssemblyReading, type ReadAssemblyFile, readAssembly } from './assembly';
export { makesStack, NESTED_STACK_TYPES, nestedStackName } from './nested-stack';
export { parseTemplate } from './parse';
export { type ReadNetwork, readNetwork } from './read-network';
export { resourcesNamed } from './readers';
export { resolveTemplates } from './resolve';
export * from './resource';
