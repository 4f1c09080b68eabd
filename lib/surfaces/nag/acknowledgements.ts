/**
 * Where packaged rules and the design disagree, on purpose: which rule, on which resources, and why. This is the one
 * place; everything else that a rule finds stops the synth. Claims of the assembly are not here and cannot be: CDK takes
 * no acknowledgement for them.
 */
import { Aspects, CfnResource, type Stack, TagManager, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { ZoneModel } from '../../intent/zones';
import { findingId } from './pack-name';
import { referredLogicalId, type Subject, SubjectScope } from './subject';

interface Acknowledgement {
  /** rule ids, as reports print them */
  readonly rules: readonly string[];
  readonly reason: string;
  readonly on: (subject: Subject, context: Context) => boolean;
}

interface Context {
  readonly model: ZoneModel;
}

const HIPAA = 'HIPAA.Security';
/** CDK's id for the one function behind every `AwsCustomResource` of a stack. */
const CUSTOM_RESOURCE_FUNCTION = 'AWS679f53fac002430cb0da5b7982bd2287';

const ACKNOWLEDGEMENTS: readonly Acknowledgement[] = [
  {
    rules: [findingId('LoadBalancerIsInternal', 'internet-facing')],
    reason: 'the zone file declares a conduit from the internet to this asset; what may pass it is an isolation claim',
    on: (subject, context) =>
      isOfType(subject, 'AWS::ElasticLoadBalancingV2::LoadBalancer') && isFrontOfHouse(subject, context),
  },
  {
    rules: [`${HIPAA}-VPCNoUnrestrictedRouteToIGW`],
    reason:
      'only the subnets of balancers that the zone file opens to the internet have this route; no host stands there',
    on: (subject, context) => {
      if (!isOfType(subject, 'AWS::EC2::Route')) return false;
      const table = referredLogicalId(subject.properties.RouteTableId);
      const tables = subject.neighbours('AWS::EC2::RouteTable').filter(({ logicalId }) => logicalId === table);
      return tables.some((each) => isFrontOfHouse(each, context));
    },
  },
  {
    rules: [`${HIPAA}-ELBv2ACMCertificateRequired`],
    reason:
      'TLS passes through and ends at the workload, so nothing in between reads patient data; whether a service is encrypted is judged per conduit',
    on: (subject) => {
      if (!isOfType(subject, 'AWS::ElasticLoadBalancingV2::Listener')) return false;
      const balancer = referredLogicalId(subject.properties.LoadBalancerArn);
      const balancers = subject.neighbours('AWS::ElasticLoadBalancingV2::LoadBalancer');
      return balancers.some((each) => each.logicalId === balancer && isBalancerOfConduits(each));
    },
  },
  {
    rules: [`${HIPAA}-ELBLoggingEnabled`],
    reason:
      'a network load balancer logs TLS listeners only, and these pass TLS through; the flow log of the VPC has every connection',
    on: isBalancerOfConduits,
  },
  {
    rules: [`${HIPAA}-ELBDeletionProtectionEnabled`],
    reason: 'it holds no data, and a conduit that is withdrawn must be able to go',
    on: isBalancerOfConduits,
  },
  {
    rules: [`${HIPAA}-S3BucketLoggingEnabled`, `${HIPAA}-S3BucketReplicationEnabled`],
    reason:
      'this is where flow logs end: versioned, encrypted, retained; a copy in another region or account is not the plan of one estate',
    on: (subject) => isOfType(subject, 'AWS::S3::Bucket') && tagOf(subject, 'role') === 'hub',
  },
  {
    rules: [`${HIPAA}-LambdaConcurrency`, `${HIPAA}-LambdaDLQ`, `${HIPAA}-LambdaInsideVPC`],
    reason: 'CDK runs it during deployments only, to look up two ids by read-only calls; it sees no patient data',
    on: (subject) =>
      isOfType(subject, 'AWS::Lambda::Function') && subject.node.node.path.includes(CUSTOM_RESOURCE_FUNCTION),
  },
  {
    rules: [`${HIPAA}-IAMNoInlinePolicy`],
    reason: 'CDK writes it for that function: one read-only describe action, which knows no resource-level permission',
    on: (subject) =>
      isOfType(subject, 'AWS::IAM::Policy') && subject.node.node.path.endsWith('/CustomResourcePolicy/Resource'),
  },
];

/** Takes effect when the app is synthesized, so that it makes no difference what was created before or after. */
export function acknowledgeByDesign(scope: IConstruct, model: ZoneModel): void {
  const scopes = new Map<Stack, SubjectScope>();
  Aspects.of(scope).add({
    visit: (node) => {
      if (!CfnResource.isCfnResource(node)) return;
      const subjects = scopes.get(node.stack) ?? new SubjectScope(node.stack);
      scopes.set(node.stack, subjects);
      const subject = subjects.subjectOf(node);
      if (subject) acknowledge(subject, { model });
    },
  });
}

function acknowledge(subject: Subject, context: Context): void {
  const own = ACKNOWLEDGEMENTS.filter(({ on }) => on(subject, context));
  const rules = own.flatMap((each) => each.rules.map((id) => ({ id, reason: each.reason })));
  const declared = openRulesOfConduits(subject, context);
  if (rules.length + declared.length > 0) Validations.of(subject.node).acknowledge(...rules, ...declared);
}

/** The ports that conduits from the internet declare, on the group of their balancer; any other open rule stays a finding. */
function openRulesOfConduits(subject: Subject, context: Context): { id: string; reason: string }[] {
  if (!isOfType(subject, 'AWS::EC2::SecurityGroup') || !isFrontOfHouse(subject, context)) return [];
  return conduitsFromInternet(subject, context).flatMap((conduit) => {
    const traffic = conduit.channels.flatMap((channel) => channel.traffic);
    return traffic.map(({ protocol, ports }) => {
      const range = ports ? `/${ports.from === ports.to ? ports.from : `${ports.from}-${ports.to}`}` : '';
      const id = findingId('SecurityGroupHasNoOpenRule', `ingress 0.0.0.0/0 ${protocol}${range}`);
      return { id, reason: `conduit ${conduit.name}: ${conduit.why ?? 'declared in the zone file'}` };
    });
  });
}

function isOfType(subject: Subject, type: string): boolean {
  return subject.type === type;
}

function isBalancerOfConduits(subject: Subject): boolean {
  const isNetwork =
    isOfType(subject, 'AWS::ElasticLoadBalancingV2::LoadBalancer') && subject.properties.Type === 'network';
  return isNetwork && (tagOf(subject, 'role') === 'load-balancer' || tagOf(subject, 'role') === 'public');
}

/** It bears the tags of a public part of a zone, and the zone file does let the internet in there. */
function isFrontOfHouse(subject: Subject, context: Context): boolean {
  return tagOf(subject, 'role') === 'public' && conduitsFromInternet(subject, context).length > 0;
}

function conduitsFromInternet(subject: Subject, { model }: Context) {
  const [zone, asset] = [tagOf(subject, 'zone'), tagOf(subject, 'asset')];
  return model.conduits.filter(({ from, to }) => {
    return (
      from.zone === 'internet' &&
      to.zone === zone &&
      (asset === undefined || to.asset === undefined || to.asset === asset)
    );
  });
}

function tagOf(subject: Subject, name: string): string | undefined {
  return TagManager.of(subject.node)?.tagValues()[`cordon:${name}`];
}
