/**
 * Templates that others wrote (../shared/templates), with the answers of their README. They stay where they are; where
 * they are absent, these tests skip themselves.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readNetwork } from '../../../lib/evidence/template';
import { explainFlow, indexNetwork } from '../../../lib/evidence/trace';
import { flowOf } from './ask';

const FOLDER = join(__dirname, '../../../../shared/templates');
const whereTheyAre = existsSync(FOLDER) ? describe : describe.skip;

/** `$` in an end stands for the stack. */
function verdicts(file: string, flows: readonly string[], parameters: Record<string, string> = {}): string[] {
  const stack = file.split('.')[0] ?? file;
  const text = readFileSync(join(FOLDER, file), 'utf8');
  const index = indexNetwork(readNetwork([{ stack, file, text }], { region: 'us-east-1', parameters }).network);
  return flows.map((flow) => explainFlow(index, flowOf(flow.replaceAll('$', `${stack}.`))).verdict);
}

whereTheyAre('templates that others wrote', () => {
  it('DMS to Aurora: open inside, not to the internet', () => {
    const flows = [
      'interface:$DMSReplicationInstance 10.0.0.5 -> interface:$AuroraDB 10.0.0.70 tcp 3306',
      'subnet:$DBSubnet1 10.0.0.9 -> interface:$AuroraDB 10.0.0.70 tcp 3306',
      'internet 198.51.100.7 -> interface:$AuroraDB 10.0.0.70 tcp 3306',
    ];
    expect(verdicts('dms-aurora-to-s3.json', flows)).toEqual(['reachable', 'reachable', 'blocked']);
  });

  it('ElastiCache in public subnets: its only source is on no route', () => {
    const flows = [
      'internet 198.51.100.7 -> interface:$RedisReplicationGroup 10.0.0.5 tcp 6379',
      'subnet:$PublicSubnetA 10.0.0.9 -> interface:$RedisReplicationGroup 10.0.0.200 tcp 6379',
    ];
    expect(verdicts('elasticache-snapshot.yaml', flows)).toEqual(['blocked', 'blocked']);
  });

  it('a function and its cache: a group that names itself', () => {
    const lambda = 'interface:$lammemnewResourcesLambdaFunction960422D5 10.0.0.5';
    const cache = 'interface:$lammemnewResourceslammemnewResourcescluster026E518E 10.0.64.9';
    const flows = [
      `${lambda} -> ${cache} tcp 11222`,
      `${lambda} -> ${cache} tcp 11211`,
      `internet 198.51.100.7 -> ${cache} tcp 11222`,
      `${lambda} -> internet 198.51.100.7 tcp 443`,
    ];
    expect(verdicts('asc-lambda-memcached.template.json', flows)).toEqual([
      'reachable',
      'blocked',
      'blocked',
      'blocked',
    ]);
  });

  it('spokes behind a transit gateway: icmp between them, the internet through the egress VPC', () => {
    const [a, b] = ['interface:$EC2SubnetA 10.1.1.5', 'interface:$EC2SubnetB 10.2.1.5'];
    const flows = [
      `${a} -> ${b} icmp`,
      `${b} -> ${a} icmp`,
      `${a} -> ${b} tcp 443`,
      `${a} -> internet 198.51.100.7 tcp 443`,
      `${b} -> internet 198.51.100.7 udp 53`,
      `internet 198.51.100.7 -> ${a} tcp 443`,
      `${a} -> interface:$SpokeBSSMEndpoint#interface 10.2.1.9 tcp 443`,
      `${b} -> interface:$SpokeBSSMEndpoint#interface 10.2.1.9 tcp 443`,
    ];
    const expected = ['reachable', 'reachable', 'blocked', 'reachable', 'reachable', 'blocked', 'blocked', 'reachable'];
    expect(verdicts('tgw-no-firewall.yaml', flows, { AvailabilityZoneSelection: 'us-east-1a' })).toEqual(expected);
  });
});
