/**
 * The pack: resource rules as cdk-nag runs them, and the claims of the whole assembly beside them.
 */
import type { CfnResource, IPolicyValidationContext, PolicyValidationPluginReport, PolicyViolation } from 'aws-cdk-lib';
import { NagMessageLevel, NagPack, type NagPackProps, NagRuleCompliance } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import type { VerifyResult } from '../../verdict/result';
import { AssemblyFiles } from './assembly-files';
import { claimViolations, faultViolation } from './claims';
import { PACK_NAME, spaceless } from './pack-name';
import type { SegmentationRule } from './rule';
import { RULES } from './rules';
import { SubjectScope, UndecidedProperty } from './subject';

/** Verifies the assembly that was just synthesized. */
export type VerifyAssembly = (assembly: AssemblyFiles) => VerifyResult;

export interface HospitalSegmentationProps extends NagPackProps {
  /** without it the pack runs its resource rules only */
  readonly verify?: VerifyAssembly;
}

/**
 * Resource rules are `error` violations, which an app may acknowledge with a reason, one by one. A claim that is violated
 * is `fatal`, which CDK lets nobody acknowledge; one that is unknown is an `error`: someone may take it upon themselves,
 * in the open. Calling `validate` again gives the same report: the verdict is kept for as long as the templates stay as
 * they are.
 */
export class HospitalSegmentationChecks extends NagPack {
  readonly name = PACK_NAME;
  override readonly ruleIds = RULES.map((rule) => `${PACK_NAME}-${rule.name}`);
  private readonly verify: VerifyAssembly | undefined;
  private scope: SubjectScope | undefined;
  private lastVerdict: { readonly fingerprint: string; readonly violations: readonly PolicyViolation[] } | undefined;

  constructor(scope?: IConstruct, props: HospitalSegmentationProps = {}) {
    super(scope, props);
    this.packName = PACK_NAME;
    this.verify = props.verify;
  }

  override validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const rules = super.validate(context);
    const claims = this.claims(AssemblyFiles.of(context));
    const violations = [...rules.violations, ...claims];
    return { success: violations.length === 0, violations };
  }

  override validateScope(scope: IConstruct): PolicyValidationPluginReport {
    this.scope = new SubjectScope(scope);
    try {
      return super.validateScope(scope);
    } finally {
      this.scope = undefined;
    }
  }

  protected checkResource(node: CfnResource): void {
    for (const rule of RULES) {
      if (rule.types.includes(node.cfnResourceType)) this.applySegmentationRule(rule, node);
    }
  }

  private applySegmentationRule(rule: SegmentationRule, node: CfnResource): void {
    this.applyRule({
      ruleSuffixOverride: rule.name,
      info: rule.info,
      explanation: rule.explanation,
      level: NagMessageLevel.ERROR,
      node,
      rule: () => this.findingsOf(rule, node),
    });
  }

  private findingsOf(rule: SegmentationRule, node: CfnResource): NagRuleCompliance | string[] {
    const subject = this.scope?.subjectOf(node);
    if (!subject) return NagRuleCompliance.NOT_APPLICABLE;
    try {
      const findings = rule.findings(subject);
      return findings.length === 0 ? NagRuleCompliance.COMPLIANT : [...new Set(findings.map(spaceless))];
    } catch (error) {
      // what cannot be decided is a finding with a name of its own; any other fault is cdk-nag's to report
      if (error instanceof UndecidedProperty) return [spaceless(error.message)];
      throw error;
    }
  }

  private claims(assembly: AssemblyFiles): readonly PolicyViolation[] {
    const verify = this.verify;
    if (!verify) return [];
    const fingerprint = assembly.fingerprint();
    if (this.lastVerdict?.fingerprint !== fingerprint) {
      this.lastVerdict = { fingerprint, violations: violationsOf(verify, assembly) };
    }
    // CDK takes acknowledged resources out of the lists it is given, so it gets copies
    return this.lastVerdict.violations.map((violation) => ({
      ...violation,
      violatingResources: violation.violatingResources.map((resource) => ({ ...resource })),
    }));
  }
}

function violationsOf(verify: VerifyAssembly, assembly: AssemblyFiles): readonly PolicyViolation[] {
  try {
    return claimViolations(verify(assembly), assembly);
  } catch (error) {
    return [faultViolation(error)];
  }
}
