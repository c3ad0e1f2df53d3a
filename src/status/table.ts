/**
 * A plain table: columns as wide as their widest cell. By hand, because the table libraries cost
 * `status` a third of its time; the width of a text is a library's business.
 */
import measuredWidth from 'fast-string-width';

export interface Column {
  head: string;
  align?: 'right';
  /** Gives way when the table is wider than the terminal; at most one column. */
  shrinks?: boolean;
  /** Left out when the terminal is too narrow for all; the highest number first. */
  optional?: number;
}

const GAP = '  ';

/** The least that is left of the column that gives way. */
const SHRUNK = 12;

/** Cells may hold colours. `width`: columns of the terminal; null: as wide as it gets. */
export function renderTable(
  columns: readonly Column[],
  rows: string[][],
  width: number | null,
  head: (text: string) => string,
): string {
  const all = columns.map((column, index): Sized => {
    const cells = rows.map((row) => row[index] ?? '');
    return { column, cells, width: Math.max(...[column.head, ...cells].map((cell) => stringWidth(cell))) };
  });
  const shown = width === null ? all : fitting(all, width);
  const line = (cellOf: (sized: Sized) => string) =>
    shown
      .map((sized, index) => fit(cellOf(sized), sized.width, sized.column.align, index === shown.length - 1))
      .join(GAP)
      .trimEnd();
  return [
    head(line(({ column }) => column.head)),
    ...rows.map((_, row) => line(({ cells }) => cells[row] ?? '')),
  ].join('\n');
}

/** As picocolors paints. */
const PAINT = new RegExp(`${'\u001b'}\\[\\d+m`, 'g');

/** Nearly all cells are plain: the library's expressions take longer to make than all of them to print. */
function stringWidth(text: string): number {
  const bare = text.replace(PAINT, '');
  return /^[ -~]*$/.test(bare) ? bare.length : measuredWidth(text);
}

interface Sized {
  column: Column;
  cells: string[];
  width: number;
}

/** First one column gives way, then the least wanted ones are left out. */
function fitting(sized: Sized[], width: number): Sized[] {
  const total = sized.reduce((sum, each) => sum + each.width, 0) + GAP.length * (sized.length - 1);
  const excess = total - width;
  if (excess <= 0) return sized;
  const shrinking = sized.find(({ column }) => column.shrinks);
  const give = shrinking === undefined ? 0 : Math.max(0, shrinking.width - SHRUNK);
  const least = Math.max(0, ...sized.map(({ column }) => column.optional ?? 0));
  if (excess > give && least > 0)
    return fitting(
      sized.filter(({ column }) => column.optional !== least),
      width,
    );
  return sized.map((each) =>
    each === shrinking ? { ...each, width: each.width - Math.min(excess, give) } : each,
  );
}

function fit(cell: string, width: number, align: 'right' | undefined, last: boolean): string {
  const space = width - stringWidth(cell);
  if (space < 0) return `${[...cell].slice(0, width - 1).join('')}…`;
  if (align === 'right') return ' '.repeat(space) + cell;
  return last ? cell : cell + ' '.repeat(space);
}
