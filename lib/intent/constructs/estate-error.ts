import type { Diagnostic } from '../../base/diagnostics';

/** The zones cannot be planned: the user's mistakes, to be printed as such and never as a stack trace. */
export class EstateError extends Error {
  constructor(readonly diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(({ code, message }) => `${code}: ${message}`).join('\n'));
    this.name = 'EstateError';
  }
}
