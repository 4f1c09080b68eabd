import type { Diagnostic } from '../../base/diagnostics';

/** The user's input cannot be used: shown as diagnostics, exit code 3, never a stack trace. */
export class InputError extends Error {
  constructor(
    readonly diagnostics: readonly Diagnostic[],
    /** a part of the JSON document, for what is already known */
    readonly context: Readonly<Record<string, unknown>> = {},
  ) {
    super(diagnostics.map(({ message }) => message).join('; '));
    this.name = 'InputError';
  }

  static of(code: string, message: string, help?: string): InputError {
    return new InputError([{ code, severity: 'error', message, ...(help === undefined ? {} : { help }) }]);
  }
}
