/**
 * Verdicts as violations: each claim that is not proved becomes one, with the packet, the hops and the zone file's line.
 */
import type { PolicyViolatingResource, PolicyViolation } from 'aws-cdk-lib';
import type { Hop } from '../../evidence/network';
import type { Claim, VerifyResult } from '../../verdict/result';
import { findingId, PACK_NAME } from './pack-name';

/** Finds the template that a stack's resources are in. */
export interface TemplateLookup {
  templateOf(stackName: string): string | undefined;
}

export function claimViolations(result: VerifyResult, templates: TemplateLookup): readonly PolicyViolation[] {
  const open = result.claims.filter((claim) => claim.verdict !== 'proved');
  const violations = open.map((claim) => ({
    ruleName: ruleNameOf(claim),
    description: describeClaim(claim),
    severity: claim.verdict === 'violated' ? 'fatal' : 'error',
    ...(claim.fix ? { fix: claim.fix } : {}),
    ruleMetadata: { claim: claim.id, verdict: claim.verdict },
    violatingResources: resourcesOf(claim, templates),
  }));
  if (violations.length > 0 || result.verdict === 'proved') return violations;
  // the whole is not proved though every claim is: never a pass
  return [faultViolation(new Error(`the verdict is ${result.verdict}, and no claim says why`))];
}

/** A crash is a failure, never a pass. */
export function faultViolation(error: unknown): PolicyViolation {
  const message = error instanceof Error ? error.message : String(error);
  return {
    ruleName: `${PACK_NAME}-Verification`,
    description: `the verification itself failed, so nothing is proved: ${message}`,
    severity: 'fatal',
    violatingResources: [{ constructPath: '', locations: [] }],
  };
}

/** `isolation/guest-wifi/ehr` becomes `HospitalSegmentation-Isolation[guest-wifi/ehr]`: cdk-nag's form for findings. */
function ruleNameOf(claim: Claim): string {
  const [kind = claim.kind, ...rest] = claim.id.split('/');
  return findingId(`${kind.charAt(0).toUpperCase()}${kind.slice(1)}`, rest.join('/'));
}

function describeClaim(claim: Claim): string {
  const { file, line, column } = claim.source;
  const lines = [`${claim.verdict}: ${claim.says}`, ...claim.because.map((reason) => `  because ${reason}`)];
  if (claim.counterexample) {
    const { flow, hops } = claim.counterexample;
    const ends = `${flow.source} port ${flow.sourcePort} -> ${flow.destination} port ${flow.destinationPort}`;
    lines.push(`  this packet passes: ${flow.protocol} ${ends}`, ...hops.map(describeHop));
  }
  lines.push(`  declared at ${file}:${line}:${column}`);
  return lines.join('\n');
}

function describeHop(hop: Hop, at: number): string {
  const rule = hop.rule ? ` (${hop.rule})` : '';
  return `    ${at + 1}. ${hop.location}: ${hop.decision}, ${hop.reason}${rule}`;
}

/** The resources on the packet's way, in order; the app itself where no template shows one. */
function resourcesOf(claim: Claim, templates: TemplateLookup): PolicyViolatingResource[] {
  const ids = new Set((claim.counterexample?.hops ?? []).map((hop) => hop.resource.replace(/#.*$/, '')));
  const resources = [...ids].flatMap((id) => {
    const dot = id.lastIndexOf('.');
    const templatePath = dot > 0 ? templates.templateOf(id.slice(0, dot)) : undefined;
    return templatePath ? [{ resourceLogicalId: id.slice(dot + 1), templatePath, locations: [] }] : [];
  });
  return resources.length > 0 ? resources : [{ constructPath: '', locations: [] }];
}
