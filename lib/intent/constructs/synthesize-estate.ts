/**
 * ZoneModel -> cloud assembly in a directory, offline.
 */
import { App, type AppProps } from 'aws-cdk-lib';
import type { Diagnostic } from '../../base/diagnostics';
import { type AddressLedger, type NetworkPlan, planNetwork } from '../plan';
import type { ZoneModel } from '../zones';
import { Estate } from './estate';
import { EstateError } from './estate-error';

export interface SynthesizeOptions {
  readonly ledger?: AddressLedger;
  /** puts workloads, or validations, into the app before it is synthesized */
  readonly extend?: (app: App, estate: Estate) => void;
}

export interface SynthesizedEstate {
  /** the directory that holds `manifest.json` */
  readonly assemblyDirectory: string;
  readonly plan: NetworkPlan;
  /** warnings */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * What no one reads costs time: stack traces per resource, version reporting, tree metadata, and CDK's own linting of the
 * templates, which takes longer than making them. `cdk synth` keeps the linting.
 */
export const QUIET_APP: AppProps = {
  analyticsReporting: false,
  treeMetadata: false,
  builtinCloudFormationValidation: false,
  context: {
    'aws:cdk:disable-stack-trace': true,
    '@aws-cdk/core:disableStackTrace': true,
  },
};

/** @throws EstateError where the zones cannot be planned; nothing is written then */
export function synthesizeEstate(model: ZoneModel, outdir: string, options: SynthesizeOptions = {}): SynthesizedEstate {
  const { plan, diagnostics } = planNetwork(model, { ledger: options.ledger });
  if (!plan) throw new EstateError(diagnostics);
  const app = new App({ ...QUIET_APP, outdir });
  const estate = new Estate(app, 'Estate', { plan });
  options.extend?.(app, estate);
  return { assemblyDirectory: app.synth().directory, plan, diagnostics };
}
