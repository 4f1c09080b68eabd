/** `cordon plan` on a terminal: where each zone lies, how each conduit crosses, what it uses of AWS's limits, what it costs. */
import { formatPrefix } from '../../base/net';
import type { NetworkPlan } from '../../intent/plan';
import { type Cell, count, type Paint, table } from './text';

/** Quotas that are used to this share are shown by name. */
const NEAR_LIMIT = 0.5;

export function renderPlan(plan: NetworkPlan, paint: Paint): string {
  const head = (...names: string[]) => names.map((text): Cell => ({ text, paint: paint.dim }));
  const sections = [
    [
      `${paint.bold(`Plan of ${plan.estate}`)} in ${plan.region}, ${count(plan.availabilityZones, 'availability zone')}`,
    ],
    [
      paint.bold(`VPCs (${plan.vpcs.length})`),
      ...table([
        head('vpc', 'range', 'subnets', 'groups', 'rules', 'zones'),
        ...plan.vpcs.map((vpc): Cell[] => [
          vpc.name,
          formatPrefix(vpc.cidr),
          String(vpc.subnetGroups.reduce((sum, group) => sum + group.subnets.length, 0)),
          String(vpc.securityGroups.length),
          String(vpc.securityGroups.reduce((sum, group) => sum + group.rules.length, 0)),
          vpc.zones.join(', '),
        ]),
      ]),
    ],
    [
      paint.bold(`Conduits (${plan.conduits.length})`),
      ...table([
        head('conduit', 'mechanism', 'why this one'),
        ...plan.conduits.map(({ name, mechanism, because }): Cell[] => [name, mechanism, because]),
      ]),
    ],
    quotas(plan, paint),
    [
      `${paint.bold('Cost')} about ${plan.cost.currency} ${plan.cost.monthly.toFixed(2)} a month, without data transfer (prices of ${plan.cost.region}, ${plan.cost.asOf})`,
      ...table(
        plan.cost.lines.map(({ item, quantity, unitPrice, monthly }): Cell[] => [
          item,
          `${quantity} x ${unitPrice.toFixed(2)}`,
          monthly.toFixed(2),
        ]),
      ),
    ],
    plan.assumptions.length > 0 ? [paint.bold('Assumed'), ...plan.assumptions.map((text) => `  - ${text}`)] : [],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function quotas(plan: NetworkPlan, paint: Paint): string[] {
  const near = plan.quotas
    .filter(({ used, limit }) => used >= limit * NEAR_LIMIT)
    .sort((a, b) => b.used / b.limit - a.used / a.limit);
  const rows = near.map(({ what, subject, used, limit, ceiling }): Cell[] => {
    const text = `${used} of ${limit}`;
    const over = used > limit;
    const note =
      over && ceiling !== undefined && used <= ceiling ? 'ask AWS for a raise' : over ? 'over the limit' : '';
    return [what, { text, paint: over ? paint.yellow : paint.dim }, subject, note];
  });
  const rest = plan.quotas.length - near.length;
  return [paint.bold('Quotas'), ...table(rows), `  ${count(rest, 'other quota')} used below half`];
}
