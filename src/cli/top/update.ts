/** What each message changes, and what is to be done on account of it. Pure. */
import type { LogsPage } from '../../contract/api/logs.ts';
import type { StatusReport } from '../../contract/status.ts';
import { pressed } from './act.ts';
import { addAbove, addBelow, append, around, type LogWindow, newest, oldest } from './log-window.ts';
import { type Message, type Model, type Step, shownServices } from './model.ts';
import { reload, showLogOf, showMatch, showTop } from './read-log.ts';

export function update(model: Model, message: Message): Step {
  switch (message.type) {
    case 'key':
      return pressed(model, message.key);
    case 'resize':
      return only({ ...model, size: message.size });
    case 'status':
      return withReport({ ...model, trouble: null }, message.report);
    case 'status-change':
      return withReport({ ...model, trouble: null }, changed(model, message));
    case 'metrics':
      return only({ ...model, metrics: message.sample });
    case 'trouble':
      return only({ ...model, trouble: message.text });
    case 'note':
      return only({ ...model, note: noted(model.note, message.note) });
    case 'text': {
      const { pane } = model;
      const isAwaited =
        pane.kind === 'text' && pane.about === message.about && pane.service === message.service;
      return only(isAwaited ? { ...model, pane: { ...pane, lines: message.lines } } : model);
    }
    default:
      return message.asked === model.asked ? aboutLog(model, message) : only(model);
  }
}

/** A crash is not pushed out by what follows from it: that is told behind it. */
function noted(before: Model['note'], note: NonNullable<Model['note']>): Model['note'] {
  if (note.news === undefined) return note;
  const text = `${note.news.time} ${note.text}`;
  if (before?.tone !== 'bad' || before.news?.service !== note.news.service || note.tone === 'bad')
    return { ...note, text };
  return { ...before, text: `${before.text.split(FOLLOWS)[0]}${FOLLOWS}${note.text}` };
}

const FOLLOWS = '; now ';

type LogMessage = Extract<Message, { asked: number }>;

function aboutLog(model: Model, message: LogMessage): Step {
  switch (message.type) {
    case 'lines':
      return appended(model, message);
    case 'gap':
      // What is followed shows the newest; what is being read stays, and leads on by cursors.
      return model.log.bottom === null
        ? reload(model)
        : only({ ...model, log: { ...model.log, live: false } });
    case 'page':
      return paged({ ...model, loading: false }, message);
    case 'page-failed': {
      const note: Model['note'] = message.text === null ? model.note : { text: message.text, tone: 'bad' };
      return only({ ...model, loading: false, note });
    }
    case 'not-found':
    case 'found': {
      const next = { ...model, loading: false };
      if (message.search !== model.searches) return only(next);
      if (message.type === 'found') return found(next, message);
      return only({ ...next, note: { text: `"${model.sought}" was not found`, tone: 'bad' } });
    }
  }
}

/** The match stands in the middle. What was followed so far joins no more. */
function found(model: Model, { above, below, match }: Extract<Message, { type: 'found' }>): Step {
  const log = around(above, below);
  const asked = model.asked + 1;
  const at = above.lines.length + (match === 'below' ? 0 : -1);
  const next = showMatch({ ...model, asked, log, note: null }, at);
  return { model: next, effects: [log.live ? followed(next, below.newer, asked) : { do: 'unfollow' }] };
}

function appended(model: Model, { lines, cursor }: Extract<Message, { type: 'lines' }>): Step {
  const log = append(model.log, lines, cursor);
  const ended = model.log.live && !log.live;
  return { model: { ...model, log }, effects: ended ? [{ do: 'unfollow' }] : [] };
}

function paged(model: Model, { place, page, asked }: Extract<Message, { type: 'page' }>): Step {
  if (page.reset) return reload(model);
  if (place === 'above') return only({ ...model, log: addAbove(model.log, page), match: null });
  const log = logWith(model, place, page);
  const read: Model = { ...model, log, match: null };
  const next = place === 'start' ? showTop(read) : read;
  return log.live ? { model: next, effects: [followed(next, page.newer, asked)] } : only(next);
}

function logWith({ log }: Model, place: 'end' | 'start' | 'below', page: LogsPage): LogWindow {
  return place === 'end' ? newest(page) : place === 'start' ? oldest(page) : addBelow(log, page);
}

function followed(model: Model, cursor: string, asked: number) {
  return { do: 'follow', asked, service: model.logOf, cursor } as const;
}

function changed(model: Model, change: Extract<Message, { type: 'status-change' }>): StatusReport {
  const { daemon, notes } = change;
  const before = model.report?.services ?? [];
  const news = new Map(change.changed.map((service) => [service.name, service]));
  const kept = before
    .filter(({ name }) => !change.removed.includes(name))
    .map((service) => news.get(service.name) ?? service);
  const known = new Set(before.map(({ name }) => name));
  const added = change.changed.filter(({ name }) => !known.has(name));
  return {
    workspace: model.report?.workspace ?? model.workspace,
    daemon,
    notes,
    services: [...kept, ...added],
  };
}

/** The selection stays on its service as long as there is one of that name. */
function withReport(model: Model, report: StatusReport): Step {
  const next = { ...model, report };
  const names = report.services.map(({ name }) => name);
  const marked = new Set([...model.marked].filter((name) => names.includes(name)));
  if (model.selected !== null && names.includes(model.selected)) {
    const isMissing = model.log.pages.length === 0 && !model.loading;
    return isMissing ? reload({ ...next, marked }) : only({ ...next, marked });
  }
  const selected = (shownServices(next)[0] ?? report.services[0])?.name ?? null;
  return showLogOf({ ...next, marked, selected }, selected);
}

function only(model: Model): Step {
  return { model, effects: [] };
}
