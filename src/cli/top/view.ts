/** The screen, row by row. Pure. */
import { readyWords } from '../../contract/ready-count.ts';
import { KEY_LINE } from './keys.ts';
import { isTooSmall, LEAST, layoutOf } from './layout.ts';
import type { Model } from './model.ts';
import { reversed, type Style } from './style.ts';
import { clean, fitted, truncated, width } from './text.ts';
import { paneRows } from './view-pane.ts';
import { serviceRows } from './view-services.ts';

/** A row: what stands at its beginning, and what stands from column `at` (from 0) on. */
export interface Row {
  left: string;
  at: number;
  right: string;
}

/** As many rows as the terminal has. `now`: epoch ms. */
export function view(model: Model, now: number, style: Style): Row[] {
  const { size } = model;
  if (isTooSmall(size)) return tooSmall(model);
  const layout = layoutOf(model);
  const left = layout.left === 0 ? [] : serviceRows(model, layout, now, style);
  const right = paneRows(model, layout, now, style);
  const border = style.colours.dim(style.signs.border);
  const body = Array.from({ length: layout.body }, (_, index): Row => {
    if (layout.left === 0) return whole(right[index] ?? '');
    return {
      left: `${left[index] ?? ' '.repeat(layout.left)}${border} `,
      at: layout.rightAt,
      right: right[index] ?? '',
    };
  });
  return [whole(head(model, style)), ...body, whole(noteLine(model, style)), whole(keyLine(model, style))];
}

function whole(text: string): Row {
  return { left: text, at: 0, right: '' };
}

function tooSmall({ size }: Model): Row[] {
  const text = `Too small: ${LEAST.columns}x${LEAST.rows} at least. q quits.`;
  return Array.from({ length: size.rows }, (_, index) =>
    whole(text.slice(index * size.columns, (index + 1) * size.columns)),
  );
}

function head({ report, metrics, size, workspace }: Model, { signs }: Style): string {
  const services = report?.services ?? [];
  const failed = services.filter(
    ({ editFailed, state }) => editFailed !== null || state === 'crashed',
  ).length;
  const facts = [
    ' upkeep',
    report === null ? `reading ${signs.more}` : readyWords(services),
    ...(failed === 0 ? [] : [`${failed} need${failed === 1 ? 's' : ''} you`]),
    ...(report !== null && report.daemon === null ? ['no daemon'] : []),
    ...(metrics?.machine.cpu == null ? [] : [`machine ${metrics.machine.cpu.toFixed(0)}% cpu`]),
  ].join('  ');
  const room = size.columns - width(facts) - 3;
  const place =
    width(workspace) <= room ? workspace : `${signs.more}${workspace.slice(-Math.max(1, room - 1))}`;
  const both = room < 8 ? facts : `${facts}${' '.repeat(2 + room - width(place))}${place} `;
  return reversed(fitted(both, size.columns, signs.more));
}

function noteLine(model: Model, style: Style): string {
  const { columns } = model.size;
  const { colours, signs } = style;
  const cut = (text: string) => {
    const plain = clean(text, false);
    return width(plain) > columns ? `${truncated(plain, columns - 1)}${signs.more}` : plain;
  };
  if (model.question !== null) return colours.yellow(cut(` ${model.question.text}`));
  if (model.prompt !== null) {
    const word = model.prompt.kind === 'filter' ? 'Filter' : 'Find';
    const room = Math.max(1, columns - word.length - 5);
    const typed =
      width(model.prompt.text) > room ? [...model.prompt.text].slice(-room + 1).join('') : model.prompt.text;
    return ` ${colours.bold(`${word}:`)} ${clean(typed, false)}${reversed(' ')}`;
  }
  if (model.trouble !== null) return colours.red(cut(` ${model.trouble}`));
  if (model.note !== null) {
    const text = cut(` ${model.note.text}`);
    const { tone } = model.note;
    return tone === 'bad' ? colours.red(text) : tone === 'good' ? colours.green(text) : text;
  }
  if (model.report?.daemon === null)
    return colours.yellow(cut(' No daemon runs here. s starts the selected service, M s all of them.'));
  const [remark] = model.report?.notes ?? [];
  if (remark !== undefined) return colours.yellow(cut(` ${remark}`));
  return '';
}

/** Whole hints only. */
function keyLine({ size, prompt, question }: Model, { colours }: Style): string {
  const hints: readonly (readonly [string, string])[] =
    question !== null
      ? [
          ['y', 'yes'],
          ['any other', 'no'],
        ]
      : prompt !== null
        ? [
            ['Enter', 'done'],
            ['Esc', 'cancel'],
            ['^U', 'clear'],
          ]
        : KEY_LINE;
  let line = '';
  let used = 0;
  for (const [key, word] of hints) {
    const takes = key.length + word.length + 3;
    if (used + takes > size.columns) break;
    line += ` ${colours.bold(key)} ${colours.dim(word)} `;
    used += takes;
  }
  return line;
}
