/**
 * Templates that are given together, of which one names by a parameter without a value what another makes. Nobody says
 * which it is, so it is read as what a condition decides: something that no template shows, or one of those that another
 * template makes. Inside one stack, and the stacks inside it, nobody needs a parameter for what the stack itself makes.
 *
 * Not so read are VPCs, transit gateways, their attachments and peering connections, which tie whole networks
 * (`open-vpcs.ts`, `open-ties.ts`), and what is added to by its name (`Reading.changed`).
 */
import type { ResourceId, Unknown } from '../../network';
import { ChoiceValue, ReferenceValue, type Resolved, type ResolvedObject, type Resource } from '../resource';
import { isObject, isUnknownProperty, type Property } from './property';
import type { Reading } from './reading';
import { SUBNET_GROUPS } from './subnet-group';

/** Something that a property may name: a resource of a type, or an attribute of it. */
type Made = readonly [type: string, attribute?: string];

interface Named {
  /** of the property */
  readonly name: RegExp;
  readonly made: readonly Made[];
  /** of more, none is tried: each would be asked with all others */
  readonly most: number;
  /** the same of all properties together: what balancers send to each other grows with every listener that one may have */
  readonly mostInAll?: number;
}

/** What a property names, by its own name; the first that matches. */
const NAMED: readonly Named[] = [
  {
    name: /^subnet(s|id|ids|idlist|arn|arns|identifier)$|^vpczoneidentifier$/i,
    made: [['AWS::EC2::Subnet']],
    most: 100,
  },
  {
    name: /^(vpc)?securitygroup(s|id|ids|arn|arns|idlist)$|^groupset$/i,
    made: [['AWS::EC2::SecurityGroup'], ['AWS::EC2::VPC', 'DefaultSecurityGroup']],
    most: 100,
  },
  {
    name: /^(network|gateway)?loadbalancerarns?$|^endpointid$/i,
    made: [['AWS::ElasticLoadBalancingV2::LoadBalancer']],
    most: 8,
    mostInAll: 12,
  },
  { name: /^loadbalancernames?$/i, made: [['AWS::ElasticLoadBalancing::LoadBalancer']], most: 8 },
  { name: /^listenerarn$/i, made: [['AWS::ElasticLoadBalancingV2::Listener']], most: 8 },
  { name: /^targetgrouparns?$/i, made: [['AWS::ElasticLoadBalancingV2::TargetGroup']], most: 20 },
  { name: /^instanceid$/i, made: [['AWS::EC2::Instance']], most: 100 },
  { name: /^networkinterfaceid$/i, made: [['AWS::EC2::NetworkInterface']], most: 100 },
  {
    name: /^dbclusteridentifier$/i,
    made: [['AWS::RDS::DBCluster'], ['AWS::Neptune::DBCluster']],
    most: 20,
  },
  {
    name: /subnetgroup(name|identifier)$/i,
    made: Object.keys(SUBNET_GROUPS).map((type): Made => [type]),
    most: 20,
  },
  { name: /^clientvpnendpointid$/i, made: [['AWS::EC2::ClientVpnEndpoint']], most: 20 },
  { name: /^natgatewayid$/i, made: [['AWS::EC2::NatGateway']], most: 20 },
];

/** Whatever they are handed they may change, by whatever name. */
const HANDED = /^Custom::|^AWS::CloudFormation::(CustomResource|Stack)$/;
const ANYTHING: Named = { name: /./, made: [['AWS::EC2::VPC'], ...NAMED.flatMap(({ made }) => made)], most: 100 };

/** What adds to a noun that it names is read with all that it may add to. */
const ADDS = /^AWS::EC2::(SubnetRouteTableAssociation|SubnetNetworkAclAssociation|SubnetCidrBlock)$/;

/** A property that may name so many that none of them is tried. */
interface Crowd {
  readonly user: Resource;
  readonly name: string;
  readonly because: Unknown;
  readonly meant: readonly ResourceId[];
}

export interface OpenReferences {
  /** as given, their open references as choices */
  readonly resources: readonly Resource[];
  readonly crowds: readonly Crowd[];
}

export function openReferences(resources: readonly Resource[]): OpenReferences {
  if (new Set(resources.map(rootOf)).size < 2) return { resources, crowds: [] };
  const makers = new Makers(resources);
  const open = resources.map((resource) => {
    if (ADDS.test(resource.type)) return resource;
    const properties = ofObject(resource.properties, resource, makers);
    return properties === resource.properties ? resource : { ...resource, properties };
  });
  return { resources: open, crowds: makers.crowds };
}

/** Any of them may be changed by what names one of them, and with it what passes in its stack. */
export function settleCrowds({ crowds }: OpenReferences, reading: Reading): void {
  for (const { user, name, because, meant } of crowds) {
    const touches = [user.id, ...meant].flatMap((id) => [id, `${id}#interface`]);
    const reason = `\`${name}\` of \`${user.id}\` may be any of ${meant.length} that other templates make`;
    const stacks = new Set([user.id, ...meant].flatMap((id) => reading.resource(id)?.stack ?? []));
    for (const stack of [...stacks].sort()) {
      const id = `${user.id}#${name} in ${stack}`;
      const noun = { id, origin: user.origin, certain: user.certain, reason, touches };
      reading.add('unmodelled', {
        ...noun,
        parameters: [...because.parameters],
        mayChange: { stack, onlyAdds: true },
      });
    }
  }
}

function rootOf({ stack, outermost }: Resource): string {
  return outermost ?? stack;
}

/** Who makes what, for whoever asks from another stack of the same region and account. */
class Makers {
  readonly crowds: Crowd[] = [];
  private readonly tried = new Map<Named, number>();
  private readonly byType = new Map<string, Resource[]>();

  constructor(resources: readonly Resource[]) {
    for (const resource of resources) {
      const known = this.byType.get(resource.type);
      if (known) known.push(resource);
      else this.byType.set(resource.type, [resource]);
    }
  }

  /** What a property that only a parameter decides may be; it itself where that is nothing, or too much. */
  choice(open: Unknown, name: string, user: Resource): Resolved {
    const known = HANDED.test(user.type) ? ANYTHING : NAMED.find((each) => each.name.test(name));
    if (!known || open.parameters.length === 0) return open;
    const meant = known.made.flatMap(([type, attribute]) => {
      const makers = (this.byType.get(type) ?? []).filter((maker) => this.isBeside(user, maker));
      return makers.map(
        ({ id }) => new ReferenceValue({ resource: id, ...(attribute !== undefined && { attribute }) }),
      );
    });
    if (meant.length === 0) return open;
    const inAll = (this.tried.get(known) ?? 0) + meant.length;
    if (meant.length <= known.most && inAll <= (known.mostInAll ?? inAll)) {
      this.tried.set(known, inAll);
      return new ChoiceValue([open, ...meant], open.reason, open.parameters);
    }
    const ids = [...new Set(meant.map(({ reference }) => reference.resource))].sort();
    this.crowds.push({ user, name, because: open, meant: ids });
    return open;
  }

  private isBeside(user: Resource, maker: Resource): boolean {
    const isElsewhere = user.region !== maker.region || user.account !== maker.account;
    return !isElsewhere && rootOf(user) !== rootOf(maker);
  }
}

/** The same value where nothing in it is open. */
function choicesIn<T extends Property>(value: T, user: Resource, makers: Makers, name: string): T | Resolved {
  if (Array.isArray(value)) return ofList(value, user, makers, name);
  if (value instanceof ChoiceValue) {
    const options = value.options.map((each) => choicesIn(each, user, makers, name));
    if (options.every((each, at) => each === value.options[at])) return value;
    const flat = options.flatMap((each) => (each instanceof ChoiceValue ? each.options : [each]));
    return new ChoiceValue(flat, value.reason, value.parameters);
  }
  if (isUnknownProperty(value)) return makers.choice(value, name, user);
  return isObject(value) ? ofObject(value, user, makers) : value;
}

function ofList(list: readonly Resolved[], user: Resource, makers: Makers, name: string): readonly Resolved[] {
  const elements = list.map((each) => choicesIn(each, user, makers, name));
  return elements.some((each, at) => each !== list[at]) ? elements : list;
}

function ofObject(object: ResolvedObject, user: Resource, makers: Makers): ResolvedObject {
  const entries = Object.entries(object).map(([key, each]) => [key, choicesIn(each, user, makers, key)] as const);
  return entries.some(([key, each]) => each !== object[key]) ? Object.fromEntries(entries) : object;
}
