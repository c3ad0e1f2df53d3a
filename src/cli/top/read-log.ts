/** Moving through the log: what is at hand is moved at once, the rest is asked for. Pure. */
import { layoutOf } from './layout.ts';
import { fitting } from './log-rows.ts';
import {
  bottomOf,
  EMPTY_WINDOW,
  endOf,
  findLine,
  follow,
  lineCount,
  linesOf,
  pause,
  show,
} from './log-window.ts';
import type { Model, Step } from './model.ts';
import { finder } from './text.ts';

/** Anew, from its end. `service`: null for all. */
export function showLogOf(model: Model, service: string | null): Step {
  const asked = model.asked + 1;
  const next: Model = { ...model, logOf: service, log: EMPTY_WINDOW, asked, loading: true, match: null };
  return { model: next, effects: [{ do: 'unfollow' }, { do: 'page', asked, service, place: 'end' }] };
}

export function reload(model: Model): Step {
  return showLogOf(model, model.logOf);
}

export function toStart(model: Model): Step {
  const asked = model.asked + 1;
  const next: Model = { ...model, asked, loading: true, match: null };
  return {
    model: next,
    effects: [{ do: 'unfollow' }, { do: 'page', asked, service: model.logOf, place: 'start' }],
  };
}

export function toEnd(model: Model): Step {
  if (!model.log.live) return reload(model);
  return { model: { ...withoutSearch(model), log: follow(model.log), match: null }, effects: [] };
}

export function togglePause(model: Model): Step {
  if (model.log.bottom !== null) return toEnd(model);
  return { model: { ...withoutSearch(model), log: pause(model.log) }, effects: [] };
}

/** One that is under way is given up: what it finds would take the log away from where it has been moved to. */
export function withoutSearch(model: Model): Model {
  return { ...model, searches: model.searches + 1 };
}

export type Move = 'line-up' | 'line-down' | 'page-up' | 'page-down';

/** Fetches what comes next before one gets there. */
export function moveLog(model: Model, move: Move): Step {
  const { log } = model;
  const shown = layoutOf(model).log;
  const bottom = target(model, move, shown);
  const down = move === 'line-down' || move === 'page-down';
  if (down && log.live && bottom >= lineCount(log)) return toEnd(model);
  const next: Model = { ...model, log: show(log, bottom), match: null };
  const cursor = down ? (log.live ? null : endOf(log)) : log.start;
  const left = down ? lineCount(log) - bottom : bottom;
  if (model.loading || cursor === null || left > 2 * shown) return { model: next, effects: [] };
  const place = down ? 'below' : 'above';
  return {
    model: { ...next, loading: true },
    effects: [{ do: 'page', asked: model.asked, service: model.logOf, place, cursor }],
  };
}

/** A page keeps one line of the page before; the first page stays full. */
function target(model: Model, move: Move, shown: number): number {
  const bottom = bottomOf(model.log);
  const least = fitting(model, 0, 1, shown);
  switch (move) {
    case 'line-up':
      return Math.max(least, bottom - 1);
    case 'line-down':
      return bottom + 1;
    case 'page-up':
      return Math.max(least, bottom - Math.max(1, fitting(model, bottom, -1, shown) - 1));
    case 'page-down':
      return bottom + Math.max(1, fitting(model, bottom, 1, shown) - 1);
  }
}

/** The first lines at hand. */
export function showTop(model: Model): Model {
  return { ...model, log: show(model.log, Math.max(1, fitting(model, 0, 1, layoutOf(model).log))) };
}

/** What was found stands in the middle. */
export function showMatch(model: Model, match: number): Model {
  const half = Math.floor(layoutOf(model).log / 2);
  return {
    ...withoutSearch(model),
    match,
    log: show(model.log, match + 1 + fitting(model, match + 1, 1, half)),
  };
}

/** The next match above (-1) or below. */
export function findNext(model: Model, direction: -1 | 1): Step {
  const { sought, log } = model;
  if (sought === '')
    return { model: { ...model, note: { text: 'f finds text in the log', tone: 'plain' } }, effects: [] };
  const lines = linesOf(log);
  const from = model.match ?? (direction < 0 ? bottomOf(log) : bottomOf(log) - 1);
  const found = findLine(lines, finder(sought), from, direction);
  if (found !== null) return { model: showMatch({ ...model, note: null }, found), effects: [] };
  const cursor = direction < 0 ? log.start : endOf(log);
  if (cursor === null || (direction > 0 && log.live)) {
    const text = `no ${model.match === null ? '' : 'other '}"${sought}" ${direction < 0 ? 'above' : 'below'}`;
    return { model: { ...model, note: { text, tone: 'plain' } }, effects: [] };
  }
  const search = model.searches + 1;
  return {
    model: {
      ...model,
      searches: search,
      loading: true,
      note: { text: `looking for "${sought}" …`, tone: 'plain' },
    },
    effects: [{ do: 'find', asked: model.asked, search, service: model.logOf, sought, cursor, direction }],
  };
}
