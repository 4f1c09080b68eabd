/**
 * What the readers share while they read: the resources by id and type, the nouns made so far, and the one way to turn
 * a property into the id of a noun.
 */
import type { Diagnostic } from '../../../base/diagnostics';
import { formatPrefix, hasHostBits, type Prefix } from '../../../base/net';
import { isUnknown, mayNotExist, type Origin, type ResourceId, type Unknown, unknown, type Value } from '../../network';
import { changedOrigin } from '../lazy-origin';
import { ChoiceValue, type Reference, ReferenceValue, type Resource, TextWithReferences } from '../resource';
import { type DraftMaps, type DraftNouns, emptyDrafts, type NounKind } from './drafts';
import { isNamelessVpc, MAKE_EXTERNAL } from './external';
import { OneAndTheSame } from './one-and-the-same';
import {
  alternatives,
  at,
  type Item,
  isAbsent,
  isUnknownProperty,
  itemsOf,
  labelOf,
  type Property,
  prefixOf,
  referencesIn,
  splitList,
  tagsOf,
} from './property';
import { nounOfReference } from './reference';

/** Kinds that belong to one VPC. */
export type PlacedKind = 'subnets' | 'routeTables' | 'networkAcls' | 'securityGroups' | 'vpcEndpoints';

export class Reading {
  readonly drafts: DraftMaps = emptyDrafts();
  readonly diagnostics: Diagnostic[] = [];
  /** places in a firewall's list of endpoints, by the subnet that is not known for it */
  readonly listedEndpoints = new Map<Unknown, number>();
  private readonly byId = new Map<ResourceId, Resource>();
  private readonly byType = new Map<string, Resource[]>();
  /** literal physical names (`kind` + name) to noun ids */
  private readonly names = new Map<string, readonly ResourceId[]>();
  /** id of the external noun for each unresolved reference, so that one reference makes one noun */
  private readonly unresolved = new Map<string, ResourceId>();
  private readonly derived = new Map<string, unknown>();
  private readonly satelliteIndex = new Map<string, ReadonlyMap<ResourceId, readonly Resource[]>>();
  /** external nouns that may turn out to be any noun of their kind, those of the templates too */
  private readonly openIds = new Map<ResourceId, Unknown>();
  /** ids of external nouns that are one of several, by what they may be */
  private readonly chosen = new Map<string, ResourceId>();
  private readonly takenIds = new Map<ResourceId, string>();
  private readonly vpcs = new OneAndTheSame();

  constructor(
    readonly resources: readonly Resource[],
    readonly region: string,
    readonly standsInForAmazon = false,
  ) {
    for (const resource of resources) {
      this.byId.set(resource.id, resource);
      const ofType = this.byType.get(resource.type);
      if (ofType) ofType.push(resource);
      else this.byType.set(resource.type, [resource]);
    }
  }

  resource(id: ResourceId): Resource | undefined {
    return this.byId.get(id);
  }

  ofType(type: string): readonly Resource[] {
    return this.byType.get(type) ?? [];
  }

  /** Something that readers derive from all resources, made once. */
  cached<T>(key: string, make: (reading: Reading) => T): T {
    if (!this.derived.has(key)) this.derived.set(key, make(this));
    return this.derived.get(key) as T;
  }

  /** Resources of a type by the resource that one of their properties refers to; made once per type. */
  satellites(type: string, property: string): ReadonlyMap<ResourceId, readonly Resource[]> {
    const key = `${type}\n${property}`;
    const known = this.satelliteIndex.get(key);
    if (known) return known;
    const index = new Map<ResourceId, Resource[]>();
    for (const resource of this.ofType(type)) {
      for (const { reference } of referencesIn(at(resource.properties, property))) {
        const list = index.get(reference.resource);
        if (list) list.push(resource);
        else index.set(reference.resource, [resource]);
      }
    }
    this.satelliteIndex.set(key, index);
    return index;
  }

  add<K extends NounKind>(kind: K, noun: DraftNouns[K]): DraftNouns[K] {
    (this.drafts[kind] as Map<ResourceId, DraftNouns[K]>).set(noun.id, noun);
    return noun;
  }

  get<K extends NounKind>(kind: K, id: ResourceId): DraftNouns[K] | undefined {
    return (this.drafts[kind] as ReadonlyMap<ResourceId, DraftNouns[K]>).get(id);
  }

  /** The noun, made as an external one where no template shows it. */
  obtain<K extends NounKind>(kind: K, id: ResourceId, because?: Unknown): DraftNouns[K] {
    const noun = this.get(kind, id);
    if (noun) return noun;
    return this.add(kind, MAKE_EXTERNAL[kind](id, because ?? unknown(`no template shows \`${id}\``)));
  }

  /** Lets a literal physical name stand for a noun, e.g. the GroupName of a security group. */
  name(kind: NounKind, name: Property, id: ResourceId): void {
    if (typeof name === 'string') this.names.set(`${kind}\n${name}`, unique([...this.named(kind, name), id]));
  }

  /** The nouns that a literal physical name stands for. */
  named(kind: NounKind, name: Property): readonly ResourceId[] {
    return typeof name === 'string' ? (this.names.get(`${kind}\n${name}`) ?? []) : [];
  }

  /** Says that a resource touches the network in a way the model does not know. */
  unmodelled(
    resource: Resource,
    reason: string,
    touches: readonly ResourceId[],
    part = '',
    mayChange?: 'touched',
  ): void {
    const id = `${resource.id}${part}`;
    const noun = { id, origin: originOf(resource), certain: resource.certain, reason, touches: unique(touches) };
    this.add('unmodelled', { ...noun, ...(mayChange && { mayChange }) });
  }

  warn(resource: Resource, code: string, message: string, help?: string): void {
    const place = resource.origin.place;
    const span = place && { file: place.file, line: place.line, column: place.column };
    this.diagnostics.push({ code, severity: 'warning', message, ...(help && { help }), ...(span && { span }) });
  }

  /** The nouns that a property refers to, one item each; what does not resolve becomes an external noun. */
  references(kind: NounKind, property: Property, resource: Resource, what: string): Item<ResourceId>[] {
    return this.referencesOf(kind, itemsOf(property), resource, what);
  }

  /** The same for the elements of a list, or of several. */
  referencesOf(kind: NounKind, items: readonly Item[], resource: Resource, what: string): Item<ResourceId>[] {
    return items.flatMap(splitList).map((item) => ({
      ...item,
      value: this.resolve(kind, item.value, resource, what),
    }));
  }

  /** The one noun that a property refers to; an external noun where a condition leaves open which one it is. */
  reference(kind: NounKind, property: Property, resource: Resource, what: string): ResourceId | undefined {
    if (isAbsent(property)) return undefined;
    if (!(property instanceof ChoiceValue)) return this.resolve(kind, property, resource, what) || undefined;
    const ids = unique(
      alternatives(property).map((item) =>
        isAbsent(item.value) ? '' : this.resolve(kind, item.value, resource, what),
      ),
    );
    if (ids.length === 1) return ids[0] || undefined;
    const because = unknown(property.reason, property.parameters);
    // the same choice in two places is the same noun, whichever it is
    const key = [kind, because.reason, ...ids].join('\n');
    const id = this.chosen.get(key) ?? `${resource.id}#${what}`;
    this.chosen.set(key, id);
    if (ids.some((each) => this.openIds.has(each))) this.openIds.set(id, because);
    this.leaveOpen(resource, what, because, ids);
    return this.obtain(kind, id, because).id;
  }

  /** Which of several nouns a resource is in, or at, a condition decides: what it is to the others is not known. */
  private leaveOpen(resource: Resource, what: string, because: Unknown, ids: readonly ResourceId[]): void {
    const touches = unique([resource.id, ...ids.filter((id) => id !== '')]);
    const noun = { id: `${resource.id}#${what}`, origin: originOf(resource), certain: resource.certain };
    const mayChange = { stack: resource.stack, onlyAdds: true } as const;
    const { reason, parameters } = because;
    this.add('unmodelled', { ...noun, reason, touches, parameters: [...parameters], mayChange });
  }

  /** As `reference`, for properties of the model that may themselves be unknown. */
  referenceValue(kind: NounKind, property: Property, resource: Resource, what: string): Value<ResourceId> | undefined {
    if (!(property instanceof ChoiceValue)) return this.reference(kind, property, resource, what);
    const ids = alternatives(property).map(({ value }) =>
      isAbsent(value) ? '' : this.resolve(kind, value, resource, what),
    );
    return new Set(ids).size > 1
      ? unknown(property.reason, property.parameters)
      : this.reference(kind, property, resource, what);
  }

  /** The noun id that one reference, name or literal id stands for. */
  private resolve(kind: NounKind, property: Property, resource: Resource, what: string): ResourceId {
    const place = `${resource.id}#${what}`;
    if (property instanceof ReferenceValue) return this.resolveReference(kind, property.reference);
    if (property instanceof TextWithReferences) return this.resolveText(kind, property);
    if (typeof property === 'string') {
      // groups of two VPCs may have one name
      const [named, ...others] = this.named(kind, property);
      if (named !== undefined && others.length === 0) return named;
      return this.external(kind, property, property, unknown(`no template shows \`${property}\``));
    }
    if (isUnknownProperty(property)) {
      const label = property.token ?? (property.parameters.length > 0 ? property.parameters.join('+') : place);
      const isSame = property.token !== undefined || property.parameters.length === 0;
      const id = this.external(kind, isSame ? label : `${label}\n${property.reason}`, label, property);
      this.openIds.set(id, property);
      return id;
    }
    return this.external(kind, place, place, unknown(`\`${what}\` of \`${resource.id}\` is not a reference`));
  }

  private resolveReference(kind: NounKind, reference: Reference): ResourceId {
    const known = nounOfReference(kind, reference, this);
    if (known !== undefined) return known;
    const label = labelOf(reference);
    return this.external(kind, label, label, unknown(`\`${label}\` has no value before it is deployed`));
  }

  /** A text such as an ARN stands for the one noun of the kind that it names. */
  private resolveText(kind: NounKind, text: TextWithReferences): ResourceId {
    const references = referencesIn(text);
    const nouns = unique(references.flatMap(({ reference }) => nounOfReference(kind, reference, this) ?? []));
    if (nouns.length === 1 && nouns[0] !== undefined) return nouns[0];
    const label = references.map(({ reference }) => labelOf(reference)).join('+');
    return this.external(kind, label, label, unknown(`\`${label}\` has no value before it is deployed`));
  }

  /** An address range, following `GetAtt` to the range of a VPC or subnet; what `resource` writes oddly is told. */
  prefix(property: Property, resource?: Resource): Value<Prefix> | undefined {
    if (property instanceof ReferenceValue && property.reference.attribute === 'CidrBlock') {
      const range = this.byId.get(property.reference.resource)?.properties.CidrBlock;
      if (range !== undefined) return prefixOf(range);
    }
    const range = prefixOf(property);
    if (resource && typeof property === 'string') this.tellHostBits(property, range, resource);
    return range;
  }

  /** The ranges that a property lists; one that a condition decides is not known. */
  ranges(property: Property, resource: Resource): Value<Prefix>[] {
    if (property instanceof ChoiceValue) return [this.prefix(property, resource) ?? []].flat();
    return itemsOf(property).flatMap(({ value, because }) => {
      const range = this.prefix(value, resource);
      return range === undefined ? [] : [because ? unknown(because.reason, because.parameters) : range];
    });
  }

  /** AWS masks what is behind the prefix, or refuses it: either way it is rarely what was meant. */
  private tellHostBits(text: string, range: Value<Prefix> | undefined, resource: Resource): void {
    if (range === undefined || isUnknown<Prefix>(range) || !text.includes('/')) return;
    const canonical = formatPrefix(range);
    if (canonical === text || !hasHostBits(text)) return;
    this.warn(
      resource,
      'TEMPLATE_HOST_BITS',
      `\`${text}\` has bits behind its prefix: AWS takes it as \`${canonical}\``,
    );
  }

  /** One external noun per distinct key. Its id is the label, made different where another key already has it. */
  private external(kind: NounKind, key: string, label: string, because: Unknown): ResourceId {
    const full = `${kind}\n${key}`;
    const known = this.unresolved.get(full);
    if (known !== undefined) return known;
    let id = label;
    for (let count = 2; this.takenIds.has(id) || this.byId.has(id); count++) id = `${label}#${count}`;
    this.takenIds.set(id, full);
    this.unresolved.set(full, id);
    return this.obtain(kind, id, because).id;
  }

  /** What leaves open which noun it is; undefined where it is named. */
  whyOpen(id: ResourceId): Unknown | undefined {
    return this.openIds.get(id);
  }

  /** Puts an external noun into a VPC, where a use of it gives the VPC away; two that nobody names may become one. */
  place(kind: PlacedKind, id: ResourceId, vpc: ResourceId | undefined): void {
    const noun = this.get(kind, id);
    if (!noun?.external || vpc === undefined) return;
    const [from, to] = [this.vpcs.find(noun.vpc), this.vpcs.find(vpc)];
    if (isNamelessVpc(from)) this.vpcs.unite(from, to);
    else if (isNamelessVpc(to)) this.vpcs.unite(to, from);
    noun.vpc = this.vpcs.find(noun.vpc);
  }

  /** Writes down what `place` found: what stands together stands in one VPC. */
  settlePlaces(): void {
    const { subnets, routeTables, networkAcls, securityGroups, vpcEndpoints } = this.drafts;
    for (const nouns of [subnets, routeTables, networkAcls, securityGroups, vpcEndpoints]) {
      for (const noun of nouns.values()) noun.vpc = this.vpcs.find(noun.vpc);
    }
  }

  /**
   * The nouns that a resource adds to: those it names, and, where only a parameter without a value knows which, every one
   * of another stack's: inside its own stack nobody needs a parameter.
   */
  changed(kind: NounKind, property: Property, resource: Resource, what: string): Item<ResourceId>[] {
    return this.references(kind, property, resource, what).flatMap((item) => {
      const because = this.openIds.get(item.value);
      if (!because) return [item];
      this.unmodelled(resource, `it changes \`${item.value}\`, and what that is only deployment decides`, [item.value]);
      const others = because.parameters.length > 0 ? this.ofOtherStacks(kind, resource) : [];
      return [item, ...others.map((value) => ({ value, certain: false, because }))];
    });
  }

  private ofOtherStacks(kind: NounKind, { stack }: Resource): ResourceId[] {
    // `Stack.Thing#main-route-table` is what AWS makes with a thing
    const maker = (id: ResourceId) => this.byId.get(id) ?? this.byId.get(id.split('#')[0] ?? '');
    return [...this.drafts[kind].values()]
      .filter((noun) => !noun.external && (maker(noun.id)?.stack ?? stack) !== stack)
      .map((noun) => noun.id);
  }

  /** The account's default VPC, which is what AWS takes where a template names none. */
  defaultVpc(resource: Resource): DraftNouns['vpcs'] {
    const stack = [resource.account, resource.region].filter(
      (part) => part !== undefined && !part.startsWith('unknown'),
    );
    const id = `default-vpc${stack.length > 0 ? `:${stack.join(':')}` : ''}`;
    return this.obtain('vpcs', id, unknown("the account's default VPC is in no template"));
  }

  /** The id of a VPC's default group, which a VPC that no template shows has too. */
  defaultSecurityGroup(vpc: ResourceId): ResourceId {
    const id = `${vpc}#default-security-group`;
    if (!this.get('securityGroups', id)) {
      this.obtain('securityGroups', id, unknown(`no template shows the default security group of \`${vpc}\``));
      this.place('securityGroups', id, vpc);
    }
    return id;
  }
}

/** Unknown because a condition leaves open whether the resource exists. */
export function undecided(resource: Resource): Unknown {
  const { reason, parameters } = mayNotExist(`\`${resource.id}\``, resource.origin);
  return unknown(reason, parameters);
}

/** Where a noun comes from, with the tags of its resource. */
export function originOf(resource: Resource): Origin {
  if (resource.origin.tags) return resource.origin;
  const tags = tagsOf(at(resource.properties, 'Tags'));
  return tags ? changedOrigin(resource.origin, { tags }) : resource.origin;
}

/** The origin of what a resource makes, or may make where items of its lists are not certain. */
export function originOfItems(resource: Resource, ...items: readonly Item<unknown>[]): Origin {
  const origin = originOf(resource);
  const open = items.flatMap(({ because }) => because ?? []);
  const [first] = open;
  if (!first || origin.doubt) return origin;
  const doubt = unknown(
    first.reason,
    open.flatMap(({ parameters }) => parameters),
  );
  return changedOrigin(origin, { doubt });
}

export function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

/** The value, or what AWS takes where the template says nothing. */
export function orDefault<T>(value: Value<T> | undefined, fallback: T): Value<T> {
  return value === undefined ? fallback : value;
}

export function knownOf<T>(value: Value<T> | undefined): T | undefined {
  return value === undefined || isUnknown<T>(value) ? undefined : value;
}

type Step = (resource: Resource, reading: Reading) => void;

/** How the readers of a type take part. Each step runs for every resource before the next one begins. */
export interface Reader {
  /** `exact`: read completely; `may-must`: read with known bounds; `unknown`: known to be there, not understood */
  readonly model: 'exact' | 'may-must' | 'unknown';
  /** makes the nouns that others add to: VPCs, subnets, tables, groups, gateways */
  readonly declare?: Step;
  /** adds to them: rules, routes, entries, associations */
  readonly attach?: Step;
  /** makes what stands in subnets, which are complete by now */
  readonly populate?: Step;
  /** adds to that: elastic addresses, targets, attachments */
  readonly connect?: Step;
  /** why a type that holds a reference to the network has no effect on what can be reached */
  readonly noEffect?: string;
}

export type Readers = Readonly<Record<string, Reader>>;
