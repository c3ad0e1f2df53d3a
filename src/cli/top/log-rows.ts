/** The lines of the log as rows of the screen, and how many of them fit. Pure. */
import type { ApiLine } from '../../contract/api/logs.ts';
import { type Layout, layoutOf } from './layout.ts';
import { bottomOf, linesOf } from './log-window.ts';
import type { Model } from './model.ts';
import { PLAIN_STYLE, type Style } from './style.ts';
import { clean, finder, highlighted, truncated, width, wrap } from './text.ts';

/** Columns of a line's own text. */
const LEAST_TEXT = 10;

/** From the lowest line upwards, until the rows are full; below it, when there is nothing more above. */
export function logRows(model: Model, layout: Layout, style: Style): string[] {
  const lines = linesOf(model.log);
  const bottom = bottomOf(model.log);
  if (lines.length === 0) return [style.colours.dim(model.loading ? '' : 'Nothing was printed so far.')];
  const blocks: string[][] = [];
  let count = 0;
  for (let index = bottom - 1; index >= 0 && count < layout.log; index--) {
    const block = blockOf(model, lines, index, layout, style);
    blocks.unshift(block);
    count += block.length;
  }
  const above = blocks.flat().slice(-layout.log);
  for (let index = bottom; index < lines.length && count < layout.log; index++) {
    const block = blockOf(model, lines, index, layout, style);
    above.push(...block);
    count += block.length;
  }
  return above.slice(0, Math.max(layout.log, 0));
}

/**
 * How many lines fit whole into so many rows: those from `index` on down, or those before it upwards (-1).
 */
export function fitting(model: Model, index: number, direction: -1 | 1, rows: number): number {
  const lines = linesOf(model.log);
  const layout = layoutOf(model);
  let count = 0;
  let used = 0;
  for (let at = direction > 0 ? index : index - 1; at >= 0 && at < lines.length; at += direction) {
    used += blockOf(model, lines, at, layout, PLAIN_STYLE).length;
    if (used > rows) break;
    count += 1;
  }
  return count;
}

/** A line, under the rule where its run begins. */
function blockOf(model: Model, lines: ApiLine[], index: number, layout: Layout, style: Style): string[] {
  const line = lines[index] as ApiLine;
  const rule = runRule(model, lines[index - 1], line, layout, style);
  const rows = lineRows(model, line, layout, style, index === model.match);
  return rule === null ? rows : [rule, ...rows];
}

/** Where the next run begins. */
function runRule(
  { logOf }: Model,
  before: ApiLine | undefined,
  { run }: ApiLine,
  { right }: Layout,
  { colours, signs }: Style,
): string | null {
  if (logOf === null || before === undefined || run === null || before.run === run) return null;
  const word = ` run ${run} `;
  return colours.dim(
    `${signs.rule.repeat(2)}${word}${signs.rule.repeat(Math.max(0, right - 2 - word.length))}`,
  );
}

function lineRows(
  model: Model,
  line: ApiLine,
  { right, log }: Layout,
  style: Style,
  isMatch: boolean,
): string[] {
  const { colours, signs } = style;
  const time = model.times ? `${colours.dim(clock(line.time))} ` : '';
  const name = model.logOf === null ? prefix(model, line.service, style) : '';
  // On a narrow screen the text itself comes first, then whose it is.
  const lead = [`${time}${name}`, name].find((each) => right - width(each) >= LEAST_TEXT) ?? '';
  const columns = Math.max(1, right - width(lead));
  const text = contentOf(line, style);
  const sought = model.sought === '' ? text : highlighted(text, finder(model.sought));
  const most = model.wrapped ? Math.max(2, Math.floor(log / 2)) : 1;
  const [first = '', ...rest] = wrap(sought, columns, most, signs.more);
  const margin = ' '.repeat(width(lead));
  const marked = isMatch && lead === '' ? colours.underline(first) : first;
  return [`${isMatch ? colours.inverse(lead) : lead}${marked}`, ...rest.map((row) => `${margin}${row}`)];
}

/** Lines that have no colours of their own get those of their level. */
function contentOf(line: ApiLine, { colour, colours }: Style): string {
  const text =
    line.message === null
      ? clean(line.text, colour)
      : `${(line.level ?? '').toUpperCase().padEnd(5)} ${clean(line.message, colour)}  ${colours.dim(clean(line.text, false))}`;
  if (line.message === null && text.includes('\u001b')) return text;
  if (line.level === 'error' || line.level === 'fatal') return colours.red(text);
  if (line.level === 'warn') return colours.yellow(text);
  return line.level === 'debug' || line.level === 'trace' ? colours.dim(text) : text;
}

const NAME = 14;

function prefix(model: Model, service: string, { colours, signs }: Style): string {
  const names = model.report?.services.map(({ name }) => width(name)) ?? [];
  const columns = Math.min(NAME, Math.max(1, ...names));
  const paints = [colours.cyan, colours.magenta, colours.blue, colours.green, colours.yellow];
  const at = model.report?.services.findIndex(({ name }) => name === service) ?? 0;
  const paint = paints[Math.max(0, at) % paints.length] as (text: string) => string;
  const short = width(service) > columns ? `${truncated(service, columns - 1)}${signs.more}` : service;
  return `${paint(short + ' '.repeat(Math.max(0, columns - width(short))))} ${colours.dim(signs.border)} `;
}

/** Local, to the millisecond. */
function clock(time: number | null): string {
  if (time === null) return ' '.repeat(12);
  const date = new Date(time - new Date(time).getTimezoneOffset() * 60_000);
  return date.toISOString().slice(11, 23);
}
