import type { Terminal } from './terminal';

/** Times each stage, and names the one that runs while a person watches. */
export class Stopwatch {
  private readonly spent = new Map<string, number>();
  private shown = false;

  constructor(
    private readonly terminal: Terminal,
    private readonly quiet: boolean,
  ) {}

  /** A stage that is entered again adds to its time. */
  readonly stage = <T>(name: string, work: () => T): T => {
    this.show(name);
    const start = this.terminal.now();
    try {
      return work();
    } finally {
      this.spent.set(name, (this.spent.get(name) ?? 0) + this.terminal.now() - start);
      this.clear();
    }
  };

  readonly milliseconds = (): Record<string, number> =>
    Object.fromEntries([...this.spent].map(([name, time]) => [name, Math.round(time)]));

  private show(name: string): void {
    if (!this.terminal.interactive || this.quiet) return;
    this.clear();
    this.terminal.stderr(`\u001b[2m${name} …\u001b[0m`);
    this.shown = true;
  }

  private clear(): void {
    if (this.shown) this.terminal.stderr('\r\u001b[2K');
    this.shown = false;
  }
}
