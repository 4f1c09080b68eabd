/** What the ids of the pack's rules and claims begin with. */
export const PACK_NAME = 'HospitalSegmentation';

/** `Rule[finding]`, as cdk-nag writes it. Without spaces: CDK takes them out of the ids that people acknowledge. */
export function findingId(rule: string, finding: string): string {
  return `${PACK_NAME}-${rule}[${spaceless(finding)}]`;
}

export function spaceless(finding: string): string {
  return finding.replaceAll(' ', '-');
}
