/**
 * Ids that turn out to stand for one and the same thing.
 */
import type { ResourceId } from '../../network';

export class OneAndTheSame {
  private readonly other = new Map<ResourceId, ResourceId>();

  /** The one id that stands for all that are the same. */
  find(id: ResourceId): ResourceId {
    let found = id;
    for (let next = this.other.get(found); next !== undefined; next = this.other.get(found)) found = next;
    if (found !== id) this.other.set(id, found);
    return found;
  }

  /** From now on the second stands for the first. */
  unite(first: ResourceId, second: ResourceId): void {
    const [a, b] = [this.find(first), this.find(second)];
    if (a !== b) this.other.set(a, b);
  }
}
