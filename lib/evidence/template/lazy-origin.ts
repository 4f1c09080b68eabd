/**
 * Where a resource is written, found when somebody asks: most are never shown to anyone, and in a large estate a closure
 * and an accessor for each would be a good part of all memory.
 */
import type { Origin, SourcePlace, Unknown } from '../network';

type PlaceOf = (section: 'Resources', name: string) => SourcePlace | undefined;

/** What `place` is asked of; keeps the finder alive, and neither the stack nor its tree. */
class LazyOrigin implements Origin {
  readonly #placeOf: PlaceOf;
  readonly #written: string;

  constructor(
    readonly resource: string,
    readonly type: string,
    readonly path: string | undefined,
    readonly tags: Origin['tags'],
    readonly doubt: Unknown | undefined,
    placeOf: PlaceOf,
    written: string,
  ) {
    this.#placeOf = placeOf;
    this.#written = written;
  }

  get place(): SourcePlace | undefined {
    return this.#placeOf('Resources', this.#written);
  }

  with({ tags = this.tags, doubt = this.doubt }: Changes): LazyOrigin {
    return new LazyOrigin(this.resource, this.type, this.path, tags, doubt, this.#placeOf, this.#written);
  }
}

type Changes = Pick<Origin, 'tags' | 'doubt'>;

/** `written`: the entry of `Resources` that it stands in. */
export function originAt(
  { resource, type, path, tags, doubt }: Omit<Origin, 'place'>,
  placeOf: PlaceOf,
  written: string,
): Origin {
  return new LazyOrigin(resource, type, path, tags, doubt, placeOf, written);
}

/** The same origin with other tags, or a doubt. */
export function changedOrigin(origin: Origin, changes: Changes): Origin {
  return origin instanceof LazyOrigin ? origin.with(changes) : { ...origin, ...changes };
}
