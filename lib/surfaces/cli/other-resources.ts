/**
 * Resources that are no end of a flow, and what to say to someone who names one: a slip is answered with what was meant.
 */
import type { ResourceId } from '../../evidence/network';
import { type AbsentResource, type ReadNetwork, type Resource, resourcesNamed } from '../../evidence/template';

/** Why nothing answers to a name, and what to write in its place. */
export interface Misnamed {
  readonly message: string;
  readonly help: string;
}

const WRITE_ANOTHER =
  'write internet, an address, or the LogicalId of an interface, subnet, security group, VPC or VPN';

/** What each type is to a packet, and what people mean when they name one. */
const INSTEAD: Readonly<Record<string, readonly [what: string, help: string]>> = {
  'AWS::EC2::InternetGateway': ['only passes packets on', 'write `internet` for what is behind it'],
  'AWS::EC2::EgressOnlyInternetGateway': ['only passes packets on', 'write `internet` for what is behind it'],
  'AWS::EC2::VPCGatewayAttachment': ['only passes packets on', 'write `internet` for what is behind it'],
  'AWS::EC2::NatGateway': [
    'takes nothing that is addressed to it',
    'ask from what sends through it to `internet`, or name its subnet',
  ],
  'AWS::EC2::VPCPeeringConnection': ['only passes packets on', 'name a VPC, a subnet or something in one'],
  'AWS::EC2::TransitGateway': ['only passes packets on', 'name one of its attachments, or a VPC or site behind it'],
  'AWS::EC2::TransitGatewayRouteTable': [
    'only passes packets on',
    'name one of its attachments, or a VPC or site behind it',
  ],
  'AWS::EC2::CustomerGateway': ['is an address of a site', 'name the VPN connection that leads there'],
  'AWS::EC2::ClientVpnEndpoint': ['is associated with no subnet', 'name its subnets once it is'],
  'AWS::EC2::PrefixList': ['is a list of ranges', 'write one of its addresses'],
  'AWS::CloudFormation::Stack': [
    'is a stack of its own',
    'name something in it, as `Parent/Stack.LogicalId`, and give its template with `--nested` if it is not found',
  ],
  'AWS::ECS::Service': [
    'has no `NetworkConfiguration`: its tasks answer at the addresses of instances that no template shows to join its cluster',
    'name the instances or the Auto Scaling group',
  ],
  'AWS::ECS::Cluster': [
    'runs nothing that has an interface here',
    'name an instance, an Auto Scaling group or a service',
  ],
  'AWS::ECS::TaskDefinition': ['is run by nothing that has an interface here', 'name what runs it'],
  'AWS::Lambda::Function': [
    'is in no VPC: it is called through AWS, and sends from addresses of AWS',
    'write `internet`, or give it a `VpcConfig`',
  ],
  'AWS::VpcLattice::Service': [
    'is reached through VPC Lattice, at no address of a VPC',
    'name what its target groups lead to',
  ],
  'AWS::VpcLattice::ServiceNetwork': ['only passes packets on', 'name what the target groups of its services lead to'],
  'AWS::EC2::LaunchTemplate': ['launches nothing by itself', 'name what is launched from it'],
  'AWS::AutoScaling::LaunchConfiguration': ['launches nothing by itself', 'name what is launched from it'],
  'AWS::EC2::EIP': ['is given to nothing that has an interface here', 'name what it is for'],
  'AWS::ElasticLoadBalancingV2::TargetGroup': [
    'has no target that the templates show',
    'name what is registered in it',
  ],
};

const NO_INTERFACE = ['has no interface in a VPC', WRITE_ANOTHER] as const;

const OTHERWISE: readonly (readonly [RegExp, readonly [string, string]])[] = [
  [/SubnetGroup$/, ['names no subnet that the templates show', 'name what stands in it']],
  [
    /^Custom::|^AWS::CloudFormation::CustomResource$|::MODULE$/,
    ['makes what no template shows', 'give its template, or name something that the templates show'],
  ],
];

/** What the templates hold beside the ends. */
export class OtherResources {
  private found: ReadonlyMap<string, readonly Resource[]> | undefined;

  constructor(private readonly read: Pick<ReadNetwork, 'resources' | 'absent'>) {}

  /** The subnets of a subnet group. */
  subnetsOf(name: string): ResourceId[] {
    return this.called(name)
      .filter(({ type }) => type.endsWith('SubnetGroup'))
      .flatMap(({ properties }) => resourcesNamed(properties));
  }

  /** undefined where the templates have nothing of that name. */
  misnamed(name: string): Misnamed | undefined {
    const absent = this.read.absent.find(({ id }) => isCalled(id, name));
    if (absent)
      return { message: whyAbsent(name, absent), help: 'give the parameters that make it, with `--parameter`' };
    const [resource] = this.called(name);
    if (!resource) return undefined;
    const { type } = resource;
    const [what, help] = INSTEAD[type] ?? OTHERWISE.find(([pattern]) => pattern.test(type))?.[1] ?? NO_INTERFACE;
    return { message: `\`${name}\` (${type}) ${what}`, help };
  }

  private called(name: string): readonly Resource[] {
    this.found ??= byName(this.read.resources);
    return this.found.get(name) ?? [];
  }
}

function whyAbsent(name: string, { type, condition }: AbsentResource): string {
  const why = condition === undefined ? 'a condition' : `condition \`${condition}\``;
  return `\`${name}\` (${type}) is not created: ${why} is false`;
}

function isCalled(id: ResourceId, name: string): boolean {
  return id === name || id.slice(id.lastIndexOf('.') + 1) === name;
}

function byName(resources: readonly Resource[]): ReadonlyMap<string, readonly Resource[]> {
  const found = new Map<string, Resource[]>();
  for (const resource of resources) {
    for (const name of new Set([resource.id, resource.logicalId])) {
      const list = found.get(name);
      if (list) list.push(resource);
      else found.set(name, [resource]);
    }
  }
  return found;
}
