/**
 * Whose security group it is.
 */

/** A VPC's default group, by the attribute that gives it. */
export function isDefaultGroup(value: unknown): boolean {
  return JSON.stringify(value ?? '').includes('DefaultSecurityGroup');
}
