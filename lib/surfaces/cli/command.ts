/**
 * What every command shares: its options, its output, and how a failure is told. A command returns an exit code; what
 * it prints with `--json` is one document and nothing else.
 */
import { compareDiagnostics, type Diagnostic, renderDiagnostic, type SourceText } from '../../base/diagnostics';
import { type ExitCode, INPUT_INVALID, TOOL_FAILED } from './exit-code';
import { InputError } from './input-error';
import { Stopwatch } from './stopwatch';
import { type Colors, colorsOf, type Terminal } from './terminal';

export interface SharedOptions {
  readonly json?: boolean;
  readonly asOf?: string;
  /** false: `--no-color` */
  readonly color?: boolean;
  readonly quiet?: boolean;
  readonly region?: string;
  readonly parameter?: readonly string[];
}

export class Invocation {
  readonly colors: Colors;
  readonly asOf: string;
  readonly stopwatch: Stopwatch;
  private readonly texts = new Map<string, string>();
  private readonly told: Diagnostic[] = [];

  constructor(
    readonly terminal: Terminal,
    readonly options: SharedOptions,
  ) {
    this.colors = colorsOf(terminal.colorful && options.color !== false && options.json !== true);
    this.stopwatch = new Stopwatch(terminal, options.quiet === true || options.json === true);
    this.asOf = options.asOf ?? terminal.today;
  }

  /** Remembers a file's text, so that a caret can be drawn under its line later. */
  remember(files: readonly { readonly file: string; readonly text: string }[]): void {
    for (const { file, text } of files) this.texts.set(file, text);
  }

  readonly sourceText: SourceText = (file) => this.texts.get(file);

  print(text: string): void {
    this.terminal.stdout(text.endsWith('\n') ? text : `${text}\n`);
  }

  printJson(document: unknown): void {
    this.terminal.stdout(`${JSON.stringify(document, undefined, 2)}\n`);
  }

  /** What was to be told on the way, for the JSON document. */
  diagnostics(): JsonDiagnostic[] {
    return jsonDiagnostics(this.told);
  }

  /** Diagnostics go to standard error: standard output is for the answer. */
  printDiagnostics(diagnostics: readonly Diagnostic[]): void {
    this.told.push(...diagnostics);
    if (this.options.json) return;
    for (const diagnostic of [...diagnostics].sort(compareDiagnostics)) {
      if (this.options.quiet && diagnostic.severity === 'warning') continue;
      this.terminal.stderr(`${paint(renderDiagnostic(diagnostic, this.sourceText), diagnostic, this.colors)}\n\n`);
    }
  }
}

function paint(text: string, { severity }: Diagnostic, colors: Colors): string {
  const head = severity === 'error' ? colors.red : colors.yellow;
  return text
    .split('\n')
    .map((line, at) => {
      if (at === 0) return line.replace(/^\w+\[\w+\]/, (word) => colors.bold(head(word)));
      if (/^\s*(-->|help:|note:)/.test(line)) return line.replace(/(-->|help:|note:)/, (word) => colors.cyan(word));
      return line.replace(/\^+$/, (carets) => head(carets));
    })
    .join('\n');
}

export interface JsonDiagnostic {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
  readonly help?: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

export function jsonDiagnostics(diagnostics: readonly Diagnostic[]): JsonDiagnostic[] {
  return [...diagnostics].sort(compareDiagnostics).map(({ code, severity, message, help, span }) => ({
    code,
    severity,
    message,
    ...(help === undefined ? {} : { help }),
    ...(span ? { file: span.file, line: span.line, column: span.column } : {}),
  }));
}

/** Runs a command's work; a user's mistake ends in diagnostics, our own in a sentence that says so. */
export async function conclude(invocation: Invocation, work: () => ExitCode | Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof InputError) return tellInputError(error, invocation);
    return tellFault(error, invocation);
  }
}

function tellInputError(error: InputError, invocation: Invocation): ExitCode {
  if (invocation.options.json) {
    invocation.printJson({ cordon: 1, ...error.context, diagnostics: jsonDiagnostics(error.diagnostics) });
  } else {
    invocation.printDiagnostics(error.diagnostics);
    const errors = error.diagnostics.filter(({ severity }) => severity === 'error').length;
    invocation.terminal.stderr(`${errors} ${errors === 1 ? 'error' : 'errors'}: the input cannot be used\n`);
  }
  return INPUT_INVALID;
}

/** A crash is a failure, never a pass. */
function tellFault(error: unknown, invocation: Invocation): ExitCode {
  const message = error instanceof Error ? error.message : String(error);
  const fault: Diagnostic = {
    code: 'CORDON_INTERNAL',
    severity: 'error',
    message: `an internal fault of Cordon, not of your input: ${message}`,
    help: 'please report it, with the input if you can share it; set CORDON_DEBUG=1 for the stack',
  };
  if (invocation.options.json) invocation.printJson({ cordon: 1, diagnostics: jsonDiagnostics([fault]) });
  else invocation.printDiagnostics([fault]);
  if (invocation.terminal.env.CORDON_DEBUG && error instanceof Error) invocation.terminal.stderr(`${error.stack}\n`);
  return TOOL_FAILED;
}
