/** Stacks inside stacks. */

/** The types that make a stack of another template; SAM writes the second as the first. */
export const NESTED_STACK_TYPES: ReadonlySet<string> = new Set([
  'AWS::CloudFormation::Stack',
  'AWS::Serverless::Application',
]);

/** What a nested stack is called here: its parent's name and the resource that makes it. */
export function nestedStackName(parent: string, logicalId: string): string {
  return `${parent}/${logicalId}`;
}

export function makesStack(type: unknown): boolean {
  return typeof type === 'string' && NESTED_STACK_TYPES.has(type);
}
