/** Lines and columns for a terminal. Colour is given by the caller: a report does not know what it is printed on. */

export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
}

const same = (text: string) => text;
export const PLAIN: Paint = { bold: same, dim: same, red: same, green: same, yellow: same, cyan: same };

export type Cell = string | { readonly text: string; readonly paint: (text: string) => string };

const textOf = (cell: Cell | undefined) => (cell === undefined ? '' : typeof cell === 'string' ? cell : cell.text);

/** Columns as wide as their widest cell, up to `widest`; longer text is cut with an ellipsis, in the last column never. */
export function table(rows: readonly (readonly Cell[])[], indent = '  ', widest = 48): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, at) =>
    Math.min(widest, Math.max(0, ...rows.map((row) => textOf(row[at]).length))),
  );
  return rows.map((row) => {
    const cells = row.map((cell, at) => {
      const isLast = at === row.length - 1;
      const width = widths[at] ?? 0;
      const text = isLast ? textOf(cell) : cut(textOf(cell), width).padEnd(width);
      return typeof cell === 'string' ? text : cell.paint(text);
    });
    return `${indent}${cells.join('  ')}`.trimEnd();
  });
}

export function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text;
}

export function count(number: number, singular: string, plural = `${singular}s`): string {
  return `${number} ${number === 1 ? singular : plural}`;
}
