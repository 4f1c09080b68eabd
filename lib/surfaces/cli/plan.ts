/** `cordon plan <estate>`: addresses, mechanism per conduit, rules, quotas used, monthly cost. */
import { hasErrors } from '../../base/diagnostics';
import { formatPrefix } from '../../base/net';
import { type AddressLedger, type NetworkPlan, planNetwork } from '../../intent/plan';
import type { ZoneModel } from '../../intent/zones';
import { renderPlan } from '../report';
import type { Invocation } from './command';
import { openEstate } from './estate';
import { DONE, type ExitCode } from './exit-code';
import { InputError } from './input-error';
import { readLedger } from './ledger';

export function plan(estate: string, invocation: Invocation): ExitCode {
  const model = openEstate(estate, invocation);
  const network = openPlan(model, readLedger(estate, invocation.terminal.cwd), invocation);
  if (invocation.options.json)
    invocation.printJson({ ...planDocument(network), diagnostics: invocation.diagnostics() });
  else if (!invocation.options.quiet) invocation.print(renderPlan(network, invocation.colors));
  return DONE;
}

/** Plans an estate; what stands in its way ends the command with exit code 3. */
export function openPlan(model: ZoneModel, ledger: AddressLedger, invocation: Invocation): NetworkPlan {
  const { plan: network, diagnostics } = invocation.stopwatch.stage('plan', () => planNetwork(model, { ledger }));
  if (!network || hasErrors(diagnostics)) throw new InputError(diagnostics, { estate: model.name });
  invocation.printDiagnostics(diagnostics);
  return network;
}

/** The JSON of `cordon plan`: ranges as text, everything else as planned. */
export function planDocument(network: NetworkPlan): Record<string, unknown> {
  return { cordon: 1, ...(withTextualRanges(network) as Record<string, unknown>) };
}

function withTextualRanges(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withTextualRanges);
  if (typeof value !== 'object' || value === null) return value;
  if (isPrefix(value)) return formatPrefix(value);
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(entries.map(([key, field]) => [key, withTextualRanges(field)]));
}

function isPrefix(value: object): value is Parameters<typeof formatPrefix>[0] {
  return 'family' in value && 'words' in value && 'length' in value && !Array.isArray(value);
}
