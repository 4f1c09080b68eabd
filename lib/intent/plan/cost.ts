/**
 * What a plan costs each month. Cost comes from attachments and endpoints, not from rules.
 */
import { PRICES, PRICES_AS_OF, PRICES_REGION } from './aws-prices';
import type { CostEstimate, CostLine } from './network-plan';
import type { PlanDraft } from './quotas';

export function estimateCost(plan: PlanDraft): CostEstimate {
  const sum = (count: (vpc: PlanDraft['vpcs'][number]) => number) =>
    plan.vpcs.reduce((total, vpc) => total + count(vpc), 0);
  const zones = plan.availabilityZones;
  const interfaces = sum(
    (vpc) => vpc.interfaceEndpoints.length + vpc.serviceEndpoints.filter(({ type }) => type === 'interface').length,
  );
  const publicBalancers = sum((vpc) => vpc.loadBalancers.filter(({ scheme }) => scheme === 'public').length);
  const lines = [
    line(PRICES.transitAttachment, plan.transit?.tables.length ?? 0),
    line(PRICES.vpnConnection, plan.transit?.vpns.length ?? 0),
    line(PRICES.endpointZone, interfaces * zones),
    line(
      PRICES.networkLoadBalancer,
      sum((vpc) => vpc.loadBalancers.length),
    ),
    line(PRICES.publicIpv4, publicBalancers * zones),
    line(PRICES.key, plan.vpcs.length > 0 ? 1 : 0),
  ].filter(({ quantity }) => quantity > 0);
  const monthly = cents(lines.reduce((total, { monthly: part }) => total + part, 0));
  return { asOf: PRICES_AS_OF, currency: 'USD', region: PRICES_REGION, monthly, lines };
}

function line(price: { readonly item: string; readonly unitPrice: number }, quantity: number): CostLine {
  return { ...price, quantity, monthly: cents(price.unitPrice * quantity) };
}

function cents(amount: number): number {
  return Math.round(amount * 100) / 100;
}
