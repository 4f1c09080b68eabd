/**
 * Collects what is wrong in one template, each thing once, at the entry that is being resolved.
 */
import type { Diagnostic } from '../../../base/diagnostics';
import type { ParsedTemplate, SectionName } from '../parse';

const MAX_DIAGNOSTICS = 100;

export class Reporter {
  readonly diagnostics: Diagnostic[] = [];
  private readonly seen = new Set<string>();
  private current: { readonly section: SectionName; readonly name: string } = { section: 'Resources', name: '' };

  constructor(private readonly template: ParsedTemplate) {}

  /** Everything reported while `work` runs belongs to this entry. */
  within<T>(section: SectionName, name: string, work: () => T): T {
    const before = this.current;
    this.current = { section, name };
    const result = work();
    this.current = before;
    return result;
  }

  report(code: string, message: string, help?: string): void {
    const key = `${code} ${message}`;
    if (this.seen.has(key) || this.diagnostics.length >= MAX_DIAGNOSTICS) return;
    this.seen.add(key);
    const { section, name } = this.current;
    const span = this.template.placeOf(section, name) ?? { file: this.template.file, line: 1, column: 1 };
    this.diagnostics.push({ code, severity: 'warning', message, help, span });
  }
}
