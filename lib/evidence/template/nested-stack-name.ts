/** What a nested stack is called here: its parent's name and the resource that makes it. */
export function nestedStackName(parent: string, logicalId: string): string {
  return `${parent}/${logicalId}`;
}
