/**
 * The hall: zones (what was meant) and evidence (what was found) meet, and every claim gets a Verdict.
 * ZoneModel + NetworkModel + Evidence -> VerifyResult. May import base, intent/zones and evidence; nothing of the plan.
 */

export { type Binding, bindZones } from './binding';
export type { BindingProblem } from './binding-problem';
export { channelEnds, type EndClass } from './channel-ends';
export type { Engine, Evidence, Replay, Restriction } from './evidence';
export { FlowExplainer } from './explain-flow';
export type { Explanation, FlowQuestion, FlowVerdict } from './explanation';
export { gatherEvidence } from './gather-evidence';
export { type Proposal, type ProposalInput, proposeEstate } from './propose-estate';
export * from './result';
export { unknownNames } from './template-claims';
export { judgeEstate, openContext, type VerifyInput, verifyEstate } from './verify-estate';
export { type ZoneEnds, zoneEnds } from './zone-ends';
