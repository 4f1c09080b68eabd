import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, CfnResource, Stack, Validations } from 'aws-cdk-lib';
import { HospitalSegmentationChecks, type VerifyAssembly } from '../../../lib/surfaces/nag';
import type { Claim, Verdict, VerifyResult } from '../../../lib/verdict/result';

const outdirs: string[] = [];
afterAll(() => {
  for (const outdir of outdirs) fs.rmSync(outdir, { recursive: true, force: true });
});

function estate(): { readonly app: App; readonly stack: Stack; readonly outdir: string } {
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'cordon-nag-'));
  outdirs.push(outdir);
  const app = new App({ outdir, analyticsReporting: false, context: { 'aws:cdk:disable-stack-trace': true } });
  const stack = new Stack(app, 'Estate');
  new CfnResource(stack, 'Route', { type: 'AWS::EC2::Route', properties: { DestinationCidrBlock: '0.0.0.0/0' } });
  return { app, stack, outdir };
}

const PACKET = {
  protocol: 'tcp',
  source: '10.200.0.9',
  sourcePort: 1024,
  destination: '10.64.0.4',
  destinationPort: 5432,
};

function isolation(verdict: Verdict): Claim {
  return {
    id: 'isolation/guest-wifi/ehr',
    kind: 'isolation',
    verdict,
    says: 'nothing reaches ehr from guest-wifi',
    from: 'guest-wifi',
    to: 'ehr',
    source: { file: 'zones/riverside/estate.yaml', line: 12, column: 3 },
    because: ['a route leads there'],
    fix: 'remove Estate.Route',
    ...(verdict === 'violated' && {
      counterexample: {
        flow: PACKET,
        hops: [
          {
            location: 'subnet Estate.Guest',
            resource: 'Estate.Route',
            decision: 'routed',
            reason: 'the longest prefix',
            rule: '0.0.0.0/0',
          },
        ],
      },
    }),
  };
}

function verifiedAs(...claims: Claim[]): VerifyResult {
  const verdicts = claims.map((claim) => claim.verdict);
  const verdict = verdicts.includes('violated') ? 'violated' : verdicts.includes('unknown') ? 'unknown' : 'proved';
  return {
    cordon: 1,
    estate: 'riverside',
    asOf: '2026-11-23',
    verdict,
    claims,
    reach: [],
    blastRadius: [],
    binding: [],
    unknowns: [],
    warnings: [],
    assumptions: [],
    statistics: { resources: 1, locations: 0, milliseconds: {} },
  };
}

function register(app: App, verify: VerifyAssembly): HospitalSegmentationChecks {
  const pack = new HospitalSegmentationChecks(app, { verify });
  Validations.of(app).addPlugins(pack);
  return pack;
}

describe('claims of the whole assembly', () => {
  test('let a synth pass where all of them are proved', () => {
    const { app } = estate();
    register(app, () => verifiedAs(isolation('proved')));
    expect(() => app.synth()).not.toThrow();
  });

  test('fail the synth where one is violated, and show the packet, the hop, the line and the fix', () => {
    const { app } = estate();
    register(app, () => verifiedAs(isolation('violated')));
    const report = messageOf(() => app.synth());
    for (const part of [
      'HospitalSegmentation-Isolation[guest-wifi/ehr]',
      'tcp 10.200.0.9 port 1024 -> 10.64.0.4 port 5432',
      'subnet Estate.Guest: routed, the longest prefix (0.0.0.0/0)',
      'zones/riverside/estate.yaml:12:3',
      'remove Estate.Route',
    ]) {
      expect(report).toContain(part);
    }
  });

  test('name the construct that lets the packet pass', () => {
    const { app, outdir } = estate();
    register(app, () => verifiedAs(isolation('violated')));
    messageOf(() => app.synth());
    const [violation] = violationsIn(outdir);
    expect(violation).toMatchObject({
      severity: 'fatal',
      violatingConstructs: [
        {
          constructPath: 'Estate/Route',
          cloudFormationResource: { templatePath: 'Estate.template.json', logicalId: 'Route' },
        },
      ],
    });
  });

  test('cannot be acknowledged where they are violated', () => {
    const { app } = estate();
    register(app, () => verifiedAs(isolation('violated')));
    acknowledge(app, 'HospitalSegmentation-Isolation[guest-wifi/ehr]');
    acknowledge(app, 'HospitalSegmentation::HospitalSegmentation-Isolation[guest-wifi/ehr]');
    expect(() => app.synth()).toThrow(/guest-wifi/);
  });

  test('fail the synth where one is unknown, unless someone takes it upon themselves with a reason', () => {
    const unknown = estate();
    register(unknown.app, () => verifiedAs(isolation('unknown')));
    expect(() => unknown.app.synth()).toThrow(/unknown: nothing reaches ehr/);

    const acknowledged = estate();
    register(acknowledged.app, () => verifiedAs(isolation('unknown')));
    acknowledge(acknowledged.app, 'HospitalSegmentation::HospitalSegmentation-Isolation[guest-wifi/ehr]');
    expect(() => acknowledged.app.synth()).not.toThrow();
  });

  test('never pass by a crash', () => {
    const { app } = estate();
    register(app, () => {
      throw new Error('the engine lost a location');
    });
    acknowledge(app, 'HospitalSegmentation::HospitalSegmentation-Verification');
    expect(() => app.synth()).toThrow(/nothing is proved: the engine lost a location/);
  });

  test('never pass where the verdict is not proved though no claim says so', () => {
    const { app } = estate();
    register(app, () => ({ ...verifiedAs(isolation('proved')), verdict: 'unknown' }));
    expect(() => app.synth()).toThrow(/the verdict is unknown/);
  });
});

describe('validating again', () => {
  test('gives the same report, and verifies once for templates that stay the same', () => {
    const { app } = estate();
    const verify = jest.fn<VerifyResult, []>(() => verifiedAs(isolation('unknown')));
    const pack = register(app, verify);
    acknowledge(app, 'HospitalSegmentation::HospitalSegmentation-Isolation[guest-wifi/ehr]');
    const assembly = app.synth();
    const templatePaths = assembly.stacks.map((stack) => stack.templateFullPath);
    const context = { templatePaths, stackTemplates: [], appConstruct: app };
    const first = pack.validate(context);
    expect(pack.validate(context)).toEqual(first);
    expect(first.violations).toHaveLength(1);
    expect(verify).toHaveBeenCalledTimes(1);
  });

  test('verifies again once a template has changed', () => {
    const { app, stack } = estate();
    const verify = jest.fn<VerifyResult, []>(() => verifiedAs(isolation('proved')));
    register(app, verify);
    app.synth();
    new CfnResource(stack, 'Peering', { type: 'AWS::EC2::InternetGateway' });
    app.synth({ force: true });
    expect(verify).toHaveBeenCalledTimes(2);
  });
});

describe('resource rules in an app', () => {
  test('fail the synth, and may be acknowledged by the finding with a reason', () => {
    const open = estate();
    new CfnResource(open.stack, 'Url', { type: 'AWS::Lambda::Url', properties: { AuthType: 'NONE' } });
    register(open.app, () => verifiedAs());
    expect(() => open.app.synth()).toThrow(/FunctionUrlRequiresIam\[AuthType\]/);

    const acknowledged = estate();
    const url = new CfnResource(acknowledged.stack, 'Url', {
      type: 'AWS::Lambda::Url',
      properties: { AuthType: 'NONE' },
    });
    register(acknowledged.app, () => verifiedAs());
    acknowledge(url, 'HospitalSegmentation-FunctionUrlRequiresIam[AuthType]');
    expect(() => acknowledged.app.synth()).not.toThrow();
  });

  test('see property overrides', () => {
    const { app, stack } = estate();
    const url = new CfnResource(stack, 'Url', { type: 'AWS::Lambda::Url', properties: { AuthType: 'AWS_IAM' } });
    url.addPropertyOverride('AuthType', 'NONE');
    register(app, () => verifiedAs());
    expect(() => app.synth()).toThrow(/FunctionUrlRequiresIam/);
  });

  test('are violated by a rule that throws', () => {
    const { app, stack } = estate();
    const unreadable = { VpcEndpointType: 'Gateway', ServiceName: 'com.amazonaws.eu-west-2.s3' };
    const endpoint = new CfnResource(stack, 'Endpoint', { type: 'AWS::EC2::VPCEndpoint', properties: unreadable });
    Object.defineProperty(endpoint, '_toCloudFormation', {
      value: () => {
        throw new Error('this resource cannot be rendered');
      },
    });
    const { success, violations } = new HospitalSegmentationChecks().validateScope(app);
    expect(success).toBe(false);
    expect(violations.map((violation) => violation.ruleName)).toContain('HospitalSegmentation-VpcEndpointHasPolicy');
  });
});

function acknowledge(scope: App | CfnResource, id: string): void {
  Validations.of(scope).acknowledge({ id, reason: 'accepted by the segmentation board on 2026-11-02' });
}

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error('the synth passed');
}

function violationsIn(outdir: string): readonly unknown[] {
  const report: unknown = JSON.parse(fs.readFileSync(path.join(outdir, 'validation-report.json'), 'utf8'));
  return (report as { pluginReports: { violations: unknown[] }[] }).pluginReports.flatMap(
    (plugin) => plugin.violations,
  );
}
