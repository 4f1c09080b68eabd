/** Runs the command line in a folder of its own, and keeps what it wrote. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { type ExitCode, run, type Terminal } from '../../../lib/surfaces/cli';

export interface Outcome {
  readonly code: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

export class Console {
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cordon-cli-'));

  write(file: string, text: string): this {
    const full = path.join(this.folder, file);
    fs.mkdirSync(path.dirname(full), { recursive: true });
    fs.writeFileSync(full, text);
    return this;
  }

  read(file: string): string {
    return fs.readFileSync(path.join(this.folder, file), 'utf8');
  }

  files(): string[] {
    return fs.readdirSync(this.folder, { recursive: true, encoding: 'utf8' }).sort();
  }

  async run(...argv: string[]): Promise<Outcome> {
    let stdout = '';
    let stderr = '';
    let now = 0;
    const terminal: Terminal = {
      stdout: (text) => {
        stdout += text;
      },
      stderr: (text) => {
        stderr += text;
      },
      interactive: false,
      colorful: false,
      cwd: this.folder,
      env: {},
      today: '2026-11-23',
      now: () => now++,
    };
    const code = await run(argv, terminal);
    return { code, stdout, stderr };
  }

  remove(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

/** One VPC, two subnets of two zones, and a group that admits what `ingress` says. */
export function template(ingress: readonly object[]): string {
  const subnet = (cidr: string) => ({
    Type: 'AWS::EC2::Subnet',
    Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: cidr, AvailabilityZone: 'eu-west-2a' },
  });
  const host = (at: string, group: string) => ({
    Type: 'AWS::EC2::Instance',
    Properties: {
      SubnetId: { Ref: at },
      SecurityGroupIds: [{ Ref: group }],
      ImageId: 'ami-1',
      InstanceType: 't3.micro',
    },
  });
  return JSON.stringify(
    {
      Parameters: { Open: { Type: 'String' } },
      Resources: {
        Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
        WardSubnet: subnet('10.0.0.0/24'),
        ChartSubnet: subnet('10.0.1.0/24'),
        WardGroup: { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: 'ward', VpcId: { Ref: 'Vpc' } } },
        ChartGroup: {
          Type: 'AWS::EC2::SecurityGroup',
          Properties: { GroupDescription: 'chart', VpcId: { Ref: 'Vpc' }, SecurityGroupIngress: ingress },
        },
        WardHost: host('WardSubnet', 'WardGroup'),
        ChartHost: host('ChartSubnet', 'ChartGroup'),
      },
    },
    undefined,
    2,
  );
}

export const FROM_WARD = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.0.0.0/24' };

/** Binds the template's groups, so that each zone is who wears its group. */
export const ZONES = `cordon: 1
estate: small
region: eu-west-2
zones:
  ward:
    purpose: Ward computers
    at: { template: { subnets: [WardSubnet] } }
    trust: restricted
    data: internal
  chart:
    purpose: The chart
    at: { template: { subnets: [ChartSubnet] } }
    trust: trusted
    data: internal
`;
