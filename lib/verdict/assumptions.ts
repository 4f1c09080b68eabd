/**
 * What nobody can prove from a template. Printed on every report: a proof is worth no more than what it rests on.
 */
import { EMPTY_NETWORK } from '../evidence/network';
import type { VerdictContext } from './context';
import { unseenResources } from './data-perimeter';

export function assumptionsOf(context: VerdictContext): string[] {
  const { model } = context;
  const assumptions: string[] = [];
  const campuses = model.sites.filter(({ name }) =>
    model.zones.some(({ placement }) => placement.kind === 'site' && placement.site === name),
  );
  for (const { name, filtersSources } of campuses) {
    assumptions.push(`traffic that stays inside site ${name} never meets AWS: nothing here proves anything of it`);
    assumptions.push(
      filtersSources
        ? `site ${name} lets out only its zones' own addresses, as it declares (filtersSources)`
        : `an address of site ${name} is its zone: ranges do not overlap, the site does not translate sources, and it enforces them itself`,
    );
  }
  if (model.zones.some(({ name }) => context.isInAws(name))) {
    assumptions.push(
      'members of one asset may talk to each other as far as their groups let them',
      'what is registered behind a load balancer later answers on the port of its target group',
      "the VPC's own DNS resolver and 169.254.0.0/16 (metadata, time) are filtered by no security group and no network ACL",
      'who may call the AWS APIs, and so change the network after it is deployed, is not judged here',
    );
  }
  assumptions.push(...unseenResources(context));
  for (const name of [...context.addressless].sort()) {
    assumptions.push(`zone ${name} names no addresses: what it may do is claimed of the whole internet`);
  }
  if (model.zones.some(({ placement }) => placement.kind === 'template')) {
    const { region } = context.network;
    assumptions.push(
      region === EMPTY_NETWORK.region
        ? 'nothing says in which region the templates are deployed: what hangs on it is unknown (`region` in the zone file, or `--region`)'
        : `the templates are deployed in ${region}`,
    );
  }
  if (context.binding.leftToGroups.size > 0) {
    assumptions.push(
      'where security groups alone tell zones apart, whoever is launched wears the group of one zone: who wears none, or two, is in no zone that this proof speaks of',
    );
  }
  assumptions.push(
    'a walk through hosts does not continue through the internet: what the internet reaches is claimed apart',
  );
  return assumptions;
}
