/** `cordon validate <estate>`: parses, resolves, validates, and prints every diagnostic. */
import { hasErrors } from '../../base/diagnostics';
import { readEstate } from '../../intent/zones';
import { type Invocation, jsonDiagnostics } from './command';
import { DONE, type ExitCode, INPUT_INVALID } from './exit-code';
import { readEstateFiles } from './files';

export function validate(estate: string, invocation: Invocation): ExitCode {
  const files = readEstateFiles(estate, invocation.terminal.cwd);
  invocation.remember(files);
  const { model, diagnostics } = readEstate(files, { today: invocation.asOf });
  const invalid = !model || hasErrors(diagnostics);
  if (invocation.options.json) {
    invocation.printJson({
      cordon: 1,
      estate: model?.name ?? estate,
      valid: !invalid,
      ...(model
        ? { zones: model.zones.length, conduits: model.conduits.length, obligations: model.obligations.length }
        : {}),
      diagnostics: jsonDiagnostics(diagnostics),
    });
    return invalid ? INPUT_INVALID : DONE;
  }
  invocation.printDiagnostics(diagnostics);
  if (invocation.options.quiet) return invalid ? INPUT_INVALID : DONE;
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const warnings = diagnostics.length - errors;
  if (model && !invalid) {
    const counts = `${model.zones.length} zones, ${model.conduits.length} conduits, ${model.obligations.length} obligations`;
    invocation.print(
      `${invocation.colors.green('valid')} ${model.name}: ${counts}${warnings > 0 ? `, ${warnings} warnings` : ''}`,
    );
  } else {
    const from = `${files.length} ${files.length === 1 ? 'file' : 'files'}`;
    invocation.print(
      `${invocation.colors.red('invalid')} ${estate}: ${errors} ${errors === 1 ? 'error' : 'errors'} in ${from}`,
    );
  }
  return invalid ? INPUT_INVALID : DONE;
}
