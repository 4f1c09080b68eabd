/**
 * Synthesizes the mutation estate once, and verifies templates as `cordon verify` would.
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import { readAssembly, readNetwork } from '../../lib/evidence/template';
import { type Estate, synthesizeEstate } from '../../lib/intent/constructs';
import { readEstate, type ZoneModel } from '../../lib/intent/zones';
import { gatherEvidence, type VerifyResult, verifyEstate } from '../../lib/verdict';
import { MUTATION_ESTATE } from './estate';
import { Templates } from './templates';

export const AS_OF = '2026-11-23';

export interface MutationSubject {
  readonly model: ZoneModel;
  readonly templates: Templates;
}

export function synthesizeSubject(): MutationSubject {
  const { model, diagnostics } = readEstate([{ file: 'mutant.yaml', text: MUTATION_ESTATE }]);
  if (!model) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'cordon-mutation-'));
  try {
    synthesizeEstate(model, outdir, { extend: (_, estate) => addDatabase(estate) });
    const { files } = readAssembly((file) => {
      const full = path.join(outdir, file);
      return fs.existsSync(full) ? fs.readFileSync(full, 'utf8') : undefined;
    });
    return { model, templates: Templates.of(files) };
  } finally {
    fs.rmSync(outdir, { recursive: true, force: true });
  }
}

/** The laboratory's results, in a stack of the workload team's own. */
function addDatabase(estate: Estate): void {
  const lab = estate.zone('lab');
  const stack = new Stack(estate, 'results', { stackName: 'mutant-results', env: { region: estate.plan.region } });
  new rds.DatabaseInstance(stack, 'Results', {
    engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_16 }),
    instanceType: ec2.InstanceType.of(ec2.InstanceClass.M7G, ec2.InstanceSize.LARGE),
    vpc: lab.vpc,
    vpcSubnets: lab.subnets('results'),
    securityGroups: [lab.securityGroup('results')],
    storageEncrypted: true,
  });
}

export function verify({ model, templates }: MutationSubject): VerifyResult {
  const { network, diagnostics } = readNetwork(templates.files(), { region: model.region });
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  return verifyEstate({ model, network, evidence: gatherEvidence(network), asOf: AS_OF });
}
