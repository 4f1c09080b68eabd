/**
 * A diagnostic is a value that says what is wrong with an input, where, and what would mend it.
 * Collected, never thrown: a reader of a zone file wants every mistake in one run.
 */

/** `error` stops the run with exit code 3; `warning` is shown and the run goes on. */
export type Severity = 'error' | 'warning';

/** A place in a text file. `line` and `column` count from 1; `length` is in UTF-16 code units, at least 1. */
export interface SourceSpan {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length?: number;
}

export interface RelatedSpan {
  readonly message: string;
  readonly span: SourceSpan;
}

export interface Diagnostic {
  /** stable, upper snake case, e.g. `ZONE_CIDR_OVERLAP` */
  readonly code: string;
  readonly severity: Severity;
  /** lower case, no full stop, the user's own words in backticks: got and expected */
  readonly message: string;
  /** the likely fix, in the imperative */
  readonly help?: string;
  readonly span?: SourceSpan;
  /** other places that matter, e.g. the first of two duplicates */
  readonly related?: readonly RelatedSpan[];
}

/** Order by file, line, column, then code: the same input always prints the same list. */
export function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
  return (
    (a.span?.file ?? '').localeCompare(b.span?.file ?? '') ||
    (a.span?.line ?? 0) - (b.span?.line ?? 0) ||
    (a.span?.column ?? 0) - (b.span?.column ?? 0) ||
    a.code.localeCompare(b.code) ||
    a.message.localeCompare(b.message)
  );
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}

/** Reads the text of a file for caret rendering; undefined where there is none. */
export type SourceText = (file: string) => string | undefined;

/**
 * Renders one diagnostic as plain text, with the line it speaks of and a caret under the words that are wrong.
 * The caller adds colour, if it has a terminal.
 */
export function renderDiagnostic(diagnostic: Diagnostic, sourceText: SourceText): string {
  const lines = [`${diagnostic.severity}[${diagnostic.code}]: ${diagnostic.message}`];
  if (diagnostic.span) lines.push(...renderSpan(diagnostic.span, sourceText));
  for (const related of diagnostic.related ?? []) {
    lines.push(`  note: ${related.message}`, ...renderSpan(related.span, sourceText));
  }
  if (diagnostic.help) lines.push(`  help: ${diagnostic.help}`);
  return lines.join('\n');
}

function renderSpan(span: SourceSpan, sourceText: SourceText): string[] {
  const place = `  --> ${span.file}:${span.line}:${span.column}`;
  const text = sourceText(span.file)?.split(/\r?\n/)[span.line - 1];
  if (text === undefined) return [place];
  const shown = text.length > 200 ? `${text.slice(0, 200)}…` : text;
  const gutter = String(span.line);
  const indent = shown.slice(0, span.column - 1).replace(/[^\t]/g, ' ');
  const carets = '^'.repeat(Math.max(1, Math.min(span.length ?? 1, Math.max(1, shown.length - span.column + 1))));
  return [place, `${gutter} | ${shown}`, `${' '.repeat(gutter.length)} | ${indent}${carets}`];
}
