/**
 * Ways to open a path that nobody declared: one resource or one property each, or the few that make one thing, from
 * SEMANTICS ("Holes that packaged rule sets do not see") and its facts.
 */
import { BINDING } from './binding';
import type { Hole } from './hole';
import { INTERNET } from './internet';
import { NOT_UNDERSTOOD } from './not-understood';
import { OPEN_VALUES } from './open-values';
import { PRIVATE_PATHS } from './private-paths';
import { GROUPS } from './security-groups';
import { HUB } from './transit';
import { INTO_THE_CHART } from './ways-in';

export type { Hole } from './hole';

export const HOLES: readonly Hole[] = [
  ...BINDING,
  ...GROUPS,
  ...PRIVATE_PATHS,
  ...INTERNET,
  ...HUB,
  ...NOT_UNDERSTOOD,
  ...INTO_THE_CHART,
  ...OPEN_VALUES,
];
