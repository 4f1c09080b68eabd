/** Whether a chain of resources and list elements is there for certain, and if not, what decides. */
import { type Origin, type ResourceId, type Unknown, unknown } from '../../network';
import { changedOrigin } from '../lazy-origin';
import { ChoiceValue, type Resource } from '../resource';
import { alternatives, type Item, type Property, referencesIn } from './property';
import { originOf, undecided } from './reading';

export interface Sure {
  readonly certain: boolean;
  readonly because?: Unknown;
}

export const SURE: Sure = { certain: true };

export function doubtful(because: Unknown): Sure {
  return { certain: false, because };
}

export function sureOf(resource: Resource): Sure {
  return resource.certain ? SURE : doubtful(undecided(resource));
}

export function allSure(...links: readonly (Sure | Item<unknown>)[]): Sure {
  if (links.every(({ certain }) => certain)) return SURE;
  const open = links.flatMap(({ certain, because }) => (certain || !because ? [] : [because]));
  const [first] = open;
  if (!first) return { certain: false };
  return doubtful(
    unknown(
      first.reason,
      open.flatMap(({ parameters }) => parameters),
    ),
  );
}

/** Whether a property refers to a resource whatever is chosen in it. */
export function linkOf(property: Property, id: ResourceId): Sure {
  if (!(property instanceof ChoiceValue)) return SURE;
  const refers = ({ value }: Item<Property>) => referencesIn(value).some(({ reference }) => reference.resource === id);
  return alternatives(property).every(refers) ? SURE : doubtful(unknown(property.reason, property.parameters));
}

/** The origin of what hangs on such a chain. */
export function originOfSure(resource: Resource, { because }: Sure): Origin {
  const origin = originOf(resource);
  return because ? changedOrigin(origin, { doubt: because }) : origin;
}
