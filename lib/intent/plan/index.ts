/**
 * ZoneModel -> NetworkPlan: addresses, a mechanism per conduit, rules, ACLs, routes, quotas and cost, as plain data.
 * Imports `base` and `intent/zones`; no CDK, no files, no clock.
 */
export * from './network-plan';
export { type PlanOptions, type PlanResult, planNetwork } from './plan-network';
export { ruleKey } from './security-group-rules';
