/**
 * The hall: zones (what was meant) and evidence (what was found) meet, and every claim gets a Verdict.
 * ZoneModel + NetworkModel + Evidence -> VerifyResult. May import base, intent/zones and evidence; nothing of the plan.
 */

export { type Binding, type BindingProblem, bindZones } from './binding';
export { channelEnds } from './channel-ends';
export type { Engine, Evidence, Replay, Restriction } from './evidence';
export * from './result';
export { type VerifyInput, verifyEstate } from './verify-estate';
