/**
 * What AWS Resource Access Manager shares (facts 26, 36): other accounts launch into lent subnets and attach to shared
 * gateways, and no template shows what.
 */
import { unknown } from '../../network';
import type { Resource } from '../resource';
import { touchedThroughLattice } from './lattice';
import { mayBeOne } from './open-vpcs';
import { at, isUnknownProperty, itemsOf } from './property';
import { originOf, type Reader, type Reading, unique } from './reading';
import { touchedBy } from './unmodelled';

/** A share lets other accounts use what it names; a shared gateway may have attachments that no template shows. */
export const share: Reader = {
  model: 'unknown',
  connect(resource, reading) {
    lendPerhaps(resource, reading);
    const touched = unique([...touchedBy(resource, reading), ...touchedThroughLattice(resource, reading)]).sort();
    if (touched.length === 0) return;
    reading.unmodelled(
      resource,
      'other accounts may use what it shares: what they attach or launch is not known',
      touched,
    );
    for (const id of touched) {
      const subnet = reading.get('subnets', id);
      if (subnet) subnet.lent = true;
      const gateway = reading.get('transitGateways', id);
      if (gateway && gateway.autoAccept === false)
        gateway.autoAccept = unknown(`\`${resource.id}\` shares it with others`);
    }
  },
};

/** Which subnet a share names by a parameter, nobody knows: each that another template makes may be lent. */
function lendPerhaps(resource: Resource, reading: Reading): void {
  const open = itemsOf(at(resource.properties, 'ResourceArns')).flatMap(({ value }) => {
    const arn = isUnknownProperty(value) ? value : undefined;
    return arn && arn.parameters.length > 0 && (arn.token === undefined || /:subnet\//.test(arn.token)) ? [arn] : [];
  });
  if (open.length === 0) return;
  const subnets = [...reading.drafts.subnets.values()].filter(({ id }) => mayBeOne([resource], id, reading));
  for (const subnet of subnets) subnet.lent = true;
  if (subnets.length === 0) return;
  const parameters = unique(open.flatMap((arn) => [...arn.parameters])).sort();
  const reason = 'other accounts may use what it shares, and which subnet that is only a parameter says';
  const touches = subnets.map(({ id }) => id).sort();
  const noun = { id: `${resource.id}#ResourceArns`, origin: originOf(resource), certain: resource.certain };
  reading.add('unmodelled', { ...noun, reason, touches, parameters });
}
