import { hasErrors } from '../../base/diagnostics';
import { readEstate, type ZoneModel } from '../../intent/zones';
import type { Invocation } from './command';
import { readEstateFiles } from './files';
import { InputError } from './input-error';

/** Reads an estate; every mistake in it ends the command with exit code 3, warnings are printed. */
export function openEstate(estate: string, invocation: Invocation): ZoneModel {
  const files = readEstateFiles(estate, invocation.terminal.cwd);
  invocation.remember(files);
  const { model, diagnostics } = invocation.stopwatch.stage('read zones', () =>
    readEstate(files, { today: invocation.asOf }),
  );
  if (!model || hasErrors(diagnostics)) throw new InputError(diagnostics, { estate: model?.name ?? estate });
  invocation.printDiagnostics(diagnostics);
  return model;
}
