/**
 * Remembers what was computed by name, and notices a computation that asks for itself.
 */
export class Memo<T> {
  private readonly known = new Map<string, T>();
  private readonly open = new Set<string>();

  /** `onCycle` answers where a value is asked for while it is being computed. */
  constructor(private readonly onCycle: (key: string) => T) {}

  get(key: string, compute: () => T): T {
    const known = this.known.get(key);
    if (known !== undefined || this.known.has(key)) return known as T;
    if (this.open.has(key)) return this.onCycle(key);
    this.open.add(key);
    const value = compute();
    this.open.delete(key);
    this.known.set(key, value);
    return value;
  }

  isOpen(key: string): boolean {
    return this.open.has(key);
  }
}
