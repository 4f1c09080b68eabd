import type { NetworkModel } from '../network';
import type { Lift } from './edit';
import { liftAttachments } from './gateway';
import { liftPublicAddresses } from './public-address';
import { liftRoutes } from './route';
import { liftAcls, liftFirewalls, liftGroups } from './rule';
import { liftAssociations, liftTransitRoutes } from './transit-gateway';

/** Undefined where the network has nothing of that kind to edit. */
export type LiftOf = (network: NetworkModel) => Lift | undefined;

/** Every kind of edit that is told of, one at a time: two of them at once are no single edit. */
export const LIFTS: readonly LiftOf[] = [
  liftPublicAddresses,
  liftAttachments,
  liftRoutes,
  liftTransitRoutes,
  liftAssociations,
  liftGroups,
  liftAcls,
  liftFirewalls,
];
