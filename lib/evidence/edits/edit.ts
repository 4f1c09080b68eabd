import type { End, NetworkModel, Origin, ResourceId, UnknownUse } from '../network';

export type EditKind =
  | 'public-address'
  | 'gateway'
  | 'route'
  | 'transit-gateway'
  | 'security-group'
  | 'network-acl'
  | 'firewall';

/** One change to one resource. */
export interface Edit {
  readonly kind: EditKind;
  /** what would be changed */
  readonly resource: ResourceId;
  /** what would be written there */
  readonly what: string;
  /** the network with it */
  readonly apply: (network: NetworkModel) => NetworkModel;
}

/**
 * All edits of one kind at once, each of them open: it may have been made or not. What *may* flow in such a network holds
 * everything that any one of the edits would open (and more: what takes two of them).
 */
export interface Lift {
  readonly kind: EditKind;
  readonly network: NetworkModel;
  readonly edits: readonly Edit[];
  /** whether a conversation that this end begins can be one that an edit opens */
  concerns(end: End): boolean;
  /** the edits that something not known on a way through `network` stands for */
  editsBehind(use: UnknownUse): readonly Edit[];
}

/** Where rules are what separates, one more rule joins: that says less than an edit of what carries packets. */
export function isRuleEdit(kind: EditKind): boolean {
  return kind === 'security-group' || kind === 'network-acl' || kind === 'firewall';
}

/** Collects the edits of a lift under the names that its open values and uncertain nouns carry. */
export class EditBook {
  private readonly byName = new Map<string, Edit[]>();

  constructor(private readonly kind: EditKind) {}

  get isEmpty(): boolean {
    return this.byName.size === 0;
  }

  /** The name that the opened noun must carry, as its origin or as the reason why a value is not known. */
  add(resource: ResourceId, what: string, apply: Edit['apply']): string {
    const name = `edit ${this.byName.size + 1} of ${this.kind}`;
    this.byName.set(name, [{ kind: this.kind, resource, what, apply }]);
    return name;
  }

  /** For nouns that an unknown use names by their own id. */
  addUnder(name: string, resource: ResourceId, what: string, apply: Edit['apply']): void {
    const edit = { kind: this.kind, resource, what, apply };
    const known = this.byName.get(name);
    if (known) known.push(edit);
    else this.byName.set(name, [edit]);
  }

  lift(network: NetworkModel, concerns: Lift['concerns'] = () => true): Lift {
    const { kind, byName } = this;
    const edits = [...byName.values()].flat();
    const editsBehind: Lift['editsBehind'] = ({ resource, reason }) => byName.get(reason) ?? byName.get(resource) ?? [];
    return { kind, network, edits, concerns, editsBehind };
  }
}

/** Where an opened noun says it comes from. The place in the file is left out: to find it costs, and nobody asks for it. */
export function named({ type }: Origin, resource: ResourceId): Origin {
  return { resource, type };
}

/** The nouns with one of them changed. */
export function changed<T extends { readonly id: ResourceId }>(
  nouns: readonly T[],
  id: ResourceId,
  change: (noun: T) => T,
): readonly T[] {
  return nouns.map((noun) => (noun.id === id ? change(noun) : noun));
}
