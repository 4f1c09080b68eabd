/**
 * The checks in an app, from a zone file to a synth that passes or fails: nothing is faked here.
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, CfnResource, Validations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Estate, QUIET_APP } from '../../../lib/intent/constructs';
import { readEstate } from '../../../lib/intent/zones';
import { addSegmentationChecks } from '../../../lib/surfaces/nag';

const AS_OF = '2026-11-23';

const ZONES = `
cordon: 1
estate: practice
region: eu-west-2
availabilityZones: 2
addressing: { pool: 10.64.0.0/16 }
zones:
  portal:
    purpose: Patients read their letters
    at: { vpc: { size: 22 } }
    data: phi
    gate: Patients come in here, and nowhere else
    assets: { web: { serves: [https] } }
  ehr:
    purpose: The chart
    at: { vpc: { size: 22 } }
    data: phi
    assets: { app: { serves: [https] } }
    awsServices: [kms]
conduits:
  internet-to-portal: { from: internet, to: portal/web, allow: [https], why: Patients read their letters, who: Patients, owner: Portal, approved: { by: [Board], on: 2026-10-01 }, review: 2027-06-01 }
  portal-reads-chart: { from: portal/web, to: ehr/app, allow: [https], why: The portal shows the chart, who: Portal, owner: Portal, approved: { by: [Board], on: 2026-10-01 }, review: 2027-06-01 }
`;

const outdirs: string[] = [];
afterAll(() => {
  for (const outdir of outdirs) fs.rmSync(outdir, { recursive: true, force: true });
});

function appOf(zones: string, asOf = AS_OF): { readonly app: App } {
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'cordon-practice-'));
  outdirs.push(outdir);
  const { model, diagnostics } = readEstate([{ file: 'practice.yaml', text: zones }], { today: asOf });
  if (!model) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  const app = new App({ ...QUIET_APP, outdir });
  new Estate(app, 'Estate', { model });
  addSegmentationChecks(app, { model, asOf });
  return { app };
}

function resourceOf(scope: App, type: string, fits: (node: CfnResource) => boolean): CfnResource {
  const found = scope.node.findAll().find((node) => {
    return CfnResource.isCfnResource(node) && node.cfnResourceType === type && fits(node);
  });
  if (!found || !CfnResource.isCfnResource(found)) throw new Error(`no ${type} that fits`);
  return found;
}

function failureOf(app: App): string {
  try {
    app.synth();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error('the synth passed');
}

test('an estate as Cordon builds it passes, beside the HIPAA pack', () => {
  expect(() => appOf(ZONES).app.synth()).not.toThrow();
});

test('a security group opened by hand stops the synth at the rule and at the claim', () => {
  const { app } = appOf(ZONES);
  const group = resourceOf(app, 'AWS::EC2::SecurityGroup', ({ node }) =>
    /portal\/Web.*PublicBalancerGroup$/.test(node.path),
  );
  new ec2.CfnSecurityGroupIngress(group.stack, 'QuickFix', {
    groupId: group.getAtt('GroupId').toString(),
    cidrIp: '0.0.0.0/0',
    ipProtocol: 'tcp',
    fromPort: 22,
    toPort: 22,
  });
  expect(failureOf(app)).toContain('SecurityGroupHasNoOpenRule[ingress-0.0.0.0/0-tcp/22]');
});

test('a balancer that no conduit opens to the internet is not acknowledged, whatever its tags say', () => {
  const { app } = appOf(ZONES);
  const subnet = resourceOf(app, 'AWS::EC2::Subnet', ({ node }) => /ehr\/App.*Subnet1$/.test(node.path));
  new elbv2.CfnLoadBalancer(subnet.stack, 'SideDoor', {
    type: 'network',
    subnets: [subnet.ref],
    tags: [
      { key: 'cordon:zone', value: 'ehr' },
      { key: 'cordon:role', value: 'public' },
    ],
  });
  expect(failureOf(app)).toContain('LoadBalancerIsInternal[internet-facing]');
});

test('a subnet that lost its zone stops the synth, and nobody can acknowledge that', () => {
  const { app } = appOf(ZONES);
  const subnet = resourceOf(app, 'AWS::EC2::Subnet', ({ node }) => /ehr\/App.*Subnet1$/.test(node.path));
  subnet.addPropertyOverride('Tags', []);
  const before = failureOf(app);
  const ids = [...before.matchAll(/HospitalSegmentation-Binding\[[^\]]+\]/g)].map(([id]) => id);
  expect(ids.length).toBeGreaterThan(0);
  for (const id of ids) Validations.of(app).acknowledge({ id: `HospitalSegmentation::${id}`, reason: 'we know' });
  const after = (() => {
    try {
      app.synth({ force: true });
    } catch (error) {
      return String(error);
    }
    return 'passed';
  })();
  expect(after).toContain('HospitalSegmentation-Binding[');
});

test('a host with a public address in the subnets of the gate is a path that nobody declared', () => {
  const { app } = appOf(ZONES);
  const subnet = resourceOf(app, 'AWS::EC2::Subnet', ({ node }) => /portal\/Public.*Subnet1$/.test(node.path));
  const web = resourceOf(app, 'AWS::EC2::SecurityGroup', ({ node }) =>
    /portal\/Web.*PublicBalancerGroup$/.test(node.path),
  );
  new ec2.CfnInstance(subnet.stack, 'Jump', {
    imageId: 'ami-0123456789abcdef0',
    networkInterfaces: [
      {
        deviceIndex: '0',
        associatePublicIpAddress: true,
        subnetId: subnet.ref,
        groupSet: [web.getAtt('GroupId').toString()],
      },
    ],
  });
  expect(failureOf(app)).toContain('InstanceHasNoPublicAddress[AssociatePublicIpAddress]');
});

test('a conduit past its review stops the synth on the day, and names its line', () => {
  const { app } = appOf(ZONES, '2027-06-02');
  const failure = failureOf(app);
  expect(failure).toMatch(/HospitalSegmentation-Governance\[.*portal-reads-chart/);
  expect(failure).toMatch(/practice\.yaml:\d+:\d+/);
});
