/**
 * Registers the checks of an app: the pack with the verdict on the whole assembly, the HIPAA pack beside it, and the
 * acknowledgements of what the design decides otherwise.
 */
import { type App, Validations } from 'aws-cdk-lib';
import { HIPAASecurityChecks } from 'cdk-nag';
import { type Diagnostic, hasErrors } from '../../base/diagnostics';
import { readAssembly, readNetwork } from '../../evidence/template';
import type { ZoneModel } from '../../intent/zones';
import { gatherEvidence, type VerifyResult, verifyEstate } from '../../verdict';
import { acknowledgeByDesign } from './acknowledgements';
import type { AssemblyFiles } from './assembly-files';
import { HospitalSegmentationChecks } from './hospital-segmentation-checks';

export interface SegmentationChecksProps {
  /** the estate that the app is verified against */
  readonly model: ZoneModel;
  /** ISO date that reviews and expiries are judged at */
  readonly asOf: string;
}

export function addSegmentationChecks(app: App, { model, asOf }: SegmentationChecksProps): HospitalSegmentationChecks {
  const pack = new HospitalSegmentationChecks(app, { verify: (assembly) => verifyAssembly(assembly, model, asOf) });
  Validations.of(app).addPlugins(pack, new HIPAASecurityChecks(app));
  acknowledgeByDesign(app, model);
  return pack;
}

/** @throws where the assembly cannot be read whole: what was not read was not verified */
export function verifyAssembly(assembly: AssemblyFiles, model: ZoneModel, asOf: string): VerifyResult {
  const { files, diagnostics } = readAssembly((file) => assembly.tryRead(file));
  refuse(diagnostics);
  const read = readNetwork(files, { region: model.region });
  refuse(read.diagnostics);
  return verifyEstate({ model, network: read.network, evidence: gatherEvidence(read.network), asOf });
}

function refuse(diagnostics: readonly Diagnostic[]): void {
  if (!hasErrors(diagnostics)) return;
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  throw new Error(errors.map(({ code, message }) => `${message} (${code})`).join('; '));
}
