/**
 * Cordon as a library: zone files in, an estate of CDK constructs out, and the proof that nothing else is open.
 *
 * A CDK app needs `readEstate`, `Estate` and `addSegmentationChecks`. Tests and other tools take the stages apart:
 * `readAssembly` and `readNetwork` read templates, `gatherEvidence` and `verifyEstate` judge them, `FlowExplainer`
 * answers for one flow.
 */
export { type Diagnostic, hasErrors, renderDiagnostic } from './base/diagnostics';
export { readAssembly, readNetwork, type TemplateFile } from './evidence/template';
export {
  addressFileOf,
  Estate,
  EstateError,
  type EstateProps,
  readAddresses,
  synthesizeEstate,
  writeAddresses,
  ZoneAttachment,
} from './intent/constructs';
export { type NetworkPlan, planNetwork } from './intent/plan';
export { readEstate, type ZoneModel } from './intent/zones';
export { addSegmentationChecks, HospitalSegmentationChecks } from './surfaces/nag';
export { FlowExplainer, gatherEvidence, type VerifyResult, verifyEstate } from './verdict';
