import fc from 'fast-check';
import stringWidth from 'fast-string-width';
import { expect, it } from 'vitest';
import { renderTable } from '../../src/status/table.ts';

const COLUMNS = [
  { head: 'NAME' },
  { head: 'PID', align: 'right' },
  { head: 'CAUSE', shrinks: true },
] as const;
const render = (rows: string[][], width: number | null = null) =>
  renderTable([...COLUMNS], rows, width, (text) => text);

it('lines columns up, numbers to the right, no blanks at the end', () => {
  const rows = [
    ['web', '7', 'start'],
    ['orchestrator', '12345', ''],
  ];
  expect(render(rows)).toBe(
    ['NAME            PID  CAUSE', 'web               7  start', 'orchestrator  12345'].join('\n'),
  );
});

it('is its head alone without rows', () => {
  expect(render([])).toBe('NAME  PID  CAUSE');
});

it('counts columns of the terminal, not letters', () => {
  const lines = render([
    ['日本', '1', 'x'],
    ['\u001b[31mred\u001b[39m', '1', 'x'],
    ['é😀', '1', 'x'],
  ]).split('\n');
  expect(new Set(lines.slice(1).map((line) => stringWidth(line))).size).toBe(1);
});

it('gives way in one column, and says so', () => {
  const [, row = ''] = render([['web', '7', 'edit src/some/very/long/name.ts']], 30).split('\n');
  expect(row.endsWith('…')).toBe(true);
  expect(stringWidth(row)).toBe(30);
});

it('is never wider than the terminal, unless that is too narrow for the rest', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', 'B', '9', '-', '/', ' '), maxLength: 60 });
  const short = fc.string({ unit: fc.constantFrom('a', '9'), maxLength: 10 });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(short, short, cell), { maxLength: 5 }),
      fc.integer({ min: 40, max: 120 }),
      (rows, width) => {
        for (const line of render(rows, width).split('\n'))
          expect(stringWidth(line)).toBeLessThanOrEqual(width);
      },
    ),
  );
});
