/** Where what stands on the screen. Pure. */
import { type Model, type Size, shownServices } from './model.ts';
import { width } from './text.ts';

export const LEAST: Size = { columns: 40, rows: 10 };

export interface Layout {
  /** Columns of the list of services; 0: it is hidden. */
  left: number;
  /** Columns right of it and its border. */
  right: number;
  /** Column (from 0) at which the right part begins. */
  rightAt: number;
  /** Rows of the list, of the pane and its two lines of heading together. */
  body: number;
  /** Rows of the log. */
  log: number;
  /** Columns of a service's name. */
  name: number;
  /** What of a service is shown beside its name and state. */
  uptime: boolean;
  usage: boolean;
}

/** The head, the line of notes, the line of keys. */
const OTHER_ROWS = 3;
export const PANE_HEAD = 2;
export const STATE = 12;
export const UPTIME = 11;
export const USAGE = 17;
const MARK = 4;

export function isTooSmall({ columns, rows }: Size): boolean {
  return columns < LEAST.columns || rows < LEAST.rows;
}

export function layoutOf(model: Model): Layout {
  const { columns, rows } = model.size;
  const body = Math.max(1, rows - OTHER_ROWS);
  const log = Math.max(1, body - PANE_HEAD);
  if (model.wide)
    return { left: 0, right: columns, rightAt: 0, body, log, name: 0, uptime: false, usage: false };
  const names = (model.report ?? { services: [] }).services.map(({ name }) => width(name));
  const longest = Math.max(7, ...names);
  const usage = columns >= 120;
  const uptime = columns >= 100;
  const rest = MARK + STATE + (uptime ? UPTIME : 0) + (usage ? USAGE : 0);
  const name = Math.max(7, Math.min(longest, Math.floor(columns * (usage ? 0.55 : 0.44)) - rest));
  const left = name + rest;
  return { left, right: columns - left - 2, rightAt: left + 2, body, log, name, uptime, usage };
}

/** Index of the first service shown, so that the selected one is. */
export function firstService(model: Model, rows: number): number {
  const services = shownServices(model);
  const at = services.findIndex(({ name }) => name === model.selected);
  return Math.max(0, Math.min(at - Math.floor(rows / 2), services.length - rows));
}
