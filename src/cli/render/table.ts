/**
 * A plain table: columns as wide as their widest cell. By hand, because the table libraries cost
 * `status` a third of its time; the width of a text is a library's business.
 */
import stringWidth from 'fast-string-width';

export interface Column {
  head: string;
  align?: 'right';
  /** Gives way when the table is wider than the terminal; at most one column. */
  shrinks?: boolean;
}

const GAP = '  ';

/** Cells may hold colours. `width`: columns of the terminal; null: as wide as it gets. */
export function renderTable(
  columns: Column[],
  rows: string[][],
  width: number | null,
  head: (text: string) => string,
): string {
  const widths = columns.map((column, index) =>
    Math.max(
      ...[[column.head], ...rows.map((row) => [row[index] ?? ''])].map(([cell = '']) => stringWidth(cell)),
    ),
  );
  const shrinking = columns.findIndex((column) => column.shrinks);
  if (width !== null && shrinking >= 0) {
    const total = widths.reduce((sum, each) => sum + each, 0) + GAP.length * (columns.length - 1);
    widths[shrinking] = Math.max(8, (widths[shrinking] ?? 0) - Math.max(0, total - width));
  }
  const line = (cells: string[]) =>
    columns
      .map(({ align }, index) =>
        fit(cells[index] ?? '', widths[index] ?? 0, align, index === columns.length - 1),
      )
      .join(GAP)
      .trimEnd();
  return [head(line(columns.map((column) => column.head))), ...rows.map(line)].join('\n');
}

function fit(cell: string, width: number, align: 'right' | undefined, last: boolean): string {
  const space = width - stringWidth(cell);
  if (space < 0) return `${[...cell].slice(0, width - 1).join('')}…`;
  if (align === 'right') return ' '.repeat(space) + cell;
  return last ? cell : cell + ' '.repeat(space);
}
