/**
 * Ways to break what was declared: one resource or one property each. The conduit's service claim must fall, because a
 * blocked infusion pump is an incident too.
 */
import { type Hit, refersTo, type Templates } from './templates';

export interface Break {
  readonly name: string;
  /** `service/<conduit>/<channel>` */
  readonly claim: string;
  readonly mutate: (templates: Templates) => void;
}

const WARD = '10.130.0.0/20';
const CHART = 'service/ward-opens-chart/https';
const STORAGE = 'service/archive-confirms-storage/dicom-tls';
const IMAGES = 'service/chart-shows-images/dicom-tls';
const DOSES = 'service/pharmacy-checks-lab/https';
const PORTAL = 'service/internet-to-portal/https';

export const BREAKS: readonly Break[] = [
  {
    name: 'the chart no longer admits the ward',
    claim: CHART,
    mutate: (templates) => {
      const { Properties } = templates.pick('AWS::EC2::SecurityGroup', { zone: 'ehr', asset: 'app' }).resource;
      Properties.SecurityGroupIngress = withoutWard(Properties.SecurityGroupIngress);
    },
  },
  {
    name: 'the chart admits the ward on the wrong port',
    claim: CHART,
    mutate: (templates) => {
      const { Properties } = templates.pick('AWS::EC2::SecurityGroup', { zone: 'ehr', asset: 'app' }).resource;
      for (const rule of Properties.SecurityGroupIngress as Record<string, unknown>[]) {
        if (rule.CidrIp === WARD) Object.assign(rule, { FromPort: 444, ToPort: 444 });
      }
    },
  },
  {
    name: 'the ACL of the chart lets nothing in from the ward',
    claim: CHART,
    mutate: (templates) => {
      const entry = entryOf(templates, 'mutant-ehr', 'AppAcl', false, ({ PortRange }) => fromPort(PortRange) === 443);
      templates.remove(entry);
    },
  },
  {
    name: 'the ACL of the chart lets no reply out to the ward',
    claim: CHART,
    mutate: (templates) => {
      const entry = entryOf(templates, 'mutant-ehr', 'AppAcl', true, ({ PortRange }) => fromPort(PortRange) === 1024);
      templates.remove(entry);
    },
  },
  {
    name: 'an entry with a lower number denies the ward',
    claim: CHART,
    mutate: (templates) => {
      const entry = entryOf(templates, 'mutant-ehr', 'AppAcl', false, () => true);
      templates.add(entry, 'DenyFirst', entry.resource.Type, {
        ...entry.resource.Properties,
        PortRange: undefined,
        Protocol: -1,
        RuleNumber: 1,
        RuleAction: 'deny',
      });
    },
  },
  {
    name: 'the chart has no route back to the ward',
    claim: CHART,
    mutate: (templates) => templates.remove(routeOf(templates, 'AppRoutes')),
  },
  {
    name: 'the hub has no route from the site to the chart',
    claim: CHART,
    mutate: (templates) =>
      templates.remove(hubRouteOf(templates, 'mutant-ehr', ({ logicalId }) => /FromMain/.test(logicalId))),
  },
  {
    name: 'the hub drops what the chart answers',
    claim: CHART,
    mutate: (templates) => {
      const { Properties } = hubRouteOf(
        templates,
        'mutant-ehr',
        (hit) => hit.resource.Properties.DestinationCidrBlock === WARD,
      ).resource;
      delete Properties.TransitGatewayAttachmentId;
      Properties.Blackhole = true;
    },
  },
  {
    name: 'the attachment of the chart is associated with no table',
    claim: CHART,
    mutate: (templates) => {
      const type = 'AWS::EC2::TransitGatewayRouteTableAssociation';
      templates.remove(templates.pick(type, {}, ({ stack }) => stack === 'mutant-ehr'));
    },
  },
  {
    name: 'the ACL of the attachment subnets lets nothing on to the chart',
    claim: CHART,
    mutate: (templates) => {
      const range = templates.pick('AWS::EC2::Subnet', { zone: 'ehr', asset: 'app' }).resource.Properties.CidrBlock;
      const acl = { stack: 'mutant-ehr', logicalId: 'TransitAcl' };
      templates.remove(
        templates.pick('AWS::EC2::NetworkAclEntry', {}, ({ stack, resource }) => {
          const { NetworkAclId, Egress, CidrBlock } = resource.Properties;
          const isOfAcl = stack === acl.stack && JSON.stringify(NetworkAclId).includes(`"${acl.logicalId}"`);
          return isOfAcl && Egress === true && CidrBlock === range;
        }),
      );
    },
  },
  {
    name: 'the archive may not call the ward back',
    claim: STORAGE,
    mutate: (templates) => {
      const { Properties } = templates.pick('AWS::EC2::SecurityGroup', { zone: 'archive', asset: 'store' }).resource;
      Properties.SecurityGroupEgress = [
        { CidrIp: '255.255.255.255/32', IpProtocol: 'icmp', FromPort: 252, ToPort: 86 },
      ];
    },
  },
  {
    name: 'the archive lost the route to the ward',
    claim: STORAGE,
    mutate: (templates) => templates.remove(routeOf(templates, 'StoreRoutes')),
  },
  {
    name: 'the listener of the archive moved to another port',
    claim: IMAGES,
    mutate: (templates) => {
      const type = 'AWS::ElasticLoadBalancingV2::Listener';
      templates.pick(type, {}, ({ stack }) => stack === 'mutant-archive').resource.Properties.Port = 2763;
    },
  },
  {
    name: 'the endpoint to the archive is gone',
    claim: IMAGES,
    mutate: (templates) =>
      templates.remove(templates.pick('AWS::EC2::VPCEndpoint', {}, ({ stack }) => stack === 'mutant-ehr-links')),
  },
  {
    name: 'the endpoint to the archive admits nobody',
    claim: IMAGES,
    mutate: (templates) => {
      const type = 'AWS::EC2::SecurityGroupIngress';
      templates.remove(
        templates.pick(
          type,
          {},
          ({ stack, logicalId }) => stack === 'mutant-ehr' && /^ArchiveStoreIngress/.test(logicalId),
        ),
      );
    },
  },
  {
    name: 'the balancer of the archive admits no consumer',
    claim: IMAGES,
    mutate: (templates) => {
      const group = templates.pick('AWS::EC2::SecurityGroup', { zone: 'archive', role: 'load-balancer' });
      group.resource.Properties.SecurityGroupIngress = [];
    },
  },
  {
    name: 'the balancer of the archive may not call its targets',
    claim: IMAGES,
    mutate: (templates) => {
      const type = 'AWS::EC2::SecurityGroupEgress';
      templates.remove(templates.pick(type, {}, ({ stack }) => stack === 'mutant-archive'));
    },
  },
  {
    name: 'the pharmacy may not call the laboratory',
    claim: DOSES,
    mutate: (templates) => {
      const type = 'AWS::EC2::SecurityGroupEgress';
      templates.remove(templates.pick(type, {}, ({ stack }) => stack === 'mutant-pharmacy'));
    },
  },
  {
    name: 'the laboratory does not admit the pharmacy',
    claim: DOSES,
    mutate: (templates) => {
      const type = 'AWS::EC2::SecurityGroupIngress';
      templates.remove(templates.pick(type, {}, ({ logicalId }) => /^LisIngressPharmacy/.test(logicalId)));
    },
  },
  {
    name: 'the public balancer faces inwards',
    claim: PORTAL,
    mutate: (templates) => {
      templates.pick('AWS::ElasticLoadBalancingV2::LoadBalancer', { zone: 'portal' }).resource.Properties.Scheme =
        'internal';
    },
  },
  {
    name: 'the public subnets lost their route to the internet',
    claim: PORTAL,
    mutate: (templates) => templates.remove(routeOf(templates, 'PublicRoutes')),
  },
  {
    name: 'the internet gateway is not attached',
    claim: PORTAL,
    mutate: (templates) => templates.remove(templates.pick('AWS::EC2::VPCGatewayAttachment', {})),
  },
];

function withoutWard(rules: unknown): unknown {
  return (rules as Record<string, unknown>[]).filter(({ CidrIp }) => CidrIp !== WARD);
}

function fromPort(range: unknown): unknown {
  return (range as { From?: unknown } | undefined)?.From;
}

/** An allowing entry of an ACL that speaks of the ward. */
function entryOf(
  templates: Templates,
  stack: string,
  acl: string,
  egress: boolean,
  fits: (properties: Hit['resource']['Properties']) => boolean,
): Hit {
  return templates.pick('AWS::EC2::NetworkAclEntry', {}, (hit) => {
    const { Properties } = hit.resource;
    const isIt = refersTo(Properties.NetworkAclId, { ...hit, logicalId: acl }) && Properties.Egress === egress;
    return (
      hit.stack === stack &&
      isIt &&
      Properties.CidrBlock === WARD &&
      Properties.RuleAction === 'allow' &&
      fits(Properties)
    );
  });
}

function routeOf(templates: Templates, table: string): Hit {
  return templates.pick('AWS::EC2::Route', {}, (hit) =>
    refersTo(hit.resource.Properties.RouteTableId, { ...hit, logicalId: table }),
  );
}

function hubRouteOf(templates: Templates, stack: string, fits: (hit: Hit) => boolean): Hit {
  return templates.pick('AWS::EC2::TransitGatewayRoute', {}, (hit) => hit.stack === stack && fits(hit));
}
