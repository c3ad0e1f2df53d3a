/** What a key does. Pure. */
import { type Action, actionOf, KEYS } from './keys.ts';
import { layoutOf } from './layout.ts';
import {
  concerned,
  type Effect,
  type Key,
  type Model,
  type Prompt,
  type Step,
  selectedService,
  shownServices,
} from './model.ts';
import { findNext, moveLog, showLogOf, toEnd, togglePause, toStart, withoutSearch } from './read-log.ts';
import { textRows } from './text.ts';

export function pressed(model: Model, key: Key): Step {
  if (model.question !== null) return answered(model, model.question, key);
  if (model.prompt !== null) return typed(model, model.prompt, key);
  const action = actionOf(key);
  if (action === null) return only(model);
  return (model.pane.kind === 'log' ? null : inPane(model, action)) ?? done({ ...model, note: null }, action);
}

/** Only y is a yes. */
function answered(model: Model, { effect }: NonNullable<Model['question']>, { name, ctrl }: Key): Step {
  const next = { ...model, question: null };
  if (name === 'y' && !ctrl) return { model: next, effects: [effect] };
  return only({ ...next, note: { text: 'nothing was stopped', tone: 'plain' } });
}

function typed(model: Model, prompt: Prompt, { name, ctrl }: Key): Step {
  const { kind, text } = prompt;
  if (name === 'escape' || (ctrl && name === 'c'))
    return kind === 'filter'
      ? filtered({ ...model, prompt: null }, prompt.before)
      : only({ ...model, prompt: null });
  if (name === 'return' || name === 'enter') {
    const next = { ...model, prompt: null };
    if (kind === 'filter') return only(next);
    return text === ''
      ? only({ ...withoutSearch(next), sought: '', match: null })
      : findNext({ ...next, sought: text, match: null }, -1);
  }
  const changed = edited(text, name, ctrl);
  if (changed === null) return only(model);
  const next = { ...model, prompt: { ...prompt, text: changed } };
  return kind === 'filter' ? filtered(next, changed) : only(next);
}

function edited(text: string, name: string, ctrl: boolean): string | null {
  if (name === 'backspace') return [...text].slice(0, -1).join('');
  if (ctrl) return name === 'u' ? '' : name === 'w' ? text.replace(/\S*\s*$/, '') : null;
  if (name === 'space') return `${text} `;
  return [...name].length === 1 ? text + name : null;
}

/** The selection goes to a service that is still shown. */
function filtered(model: Model, filter: string): Step {
  const next = { ...model, filter };
  const shown = shownServices(next);
  const first = shown[0];
  if (first === undefined || shown.some(({ name }) => name === model.selected)) return only(next);
  return selecting(next, first.name);
}

function selecting(model: Model, name: string): Step {
  const next = { ...model, selected: name };
  const { pane } = model;
  const step = model.logOf === null || model.logOf === name ? only(next) : showLogOf(next, name);
  if (pane.kind !== 'text') return step;
  return { ...step, model: { ...step.model, pane: { kind: 'log' } } };
}

/** The help and the texts scroll by the keys of the log. Null: the key means what it always does. */
function inPane(model: Model, action: Action): Step | null {
  const { pane } = model;
  if (pane.kind === 'log') return null;
  const layout = layoutOf(model);
  const page = layout.log;
  const count = pane.kind === 'help' ? KEYS.length : textRows(pane.lines ?? [], layout.right).length;
  const to = (top: number) =>
    only({ ...model, pane: { ...pane, top: Math.max(0, Math.min(top, count - page)) } });
  switch (action) {
    case 'back':
      return only({ ...model, pane: { kind: 'log' } });
    case 'help':
      return pane.kind === 'help' ? only({ ...model, pane: { kind: 'log' } }) : null;
    case 'why':
    case 'loads':
      return pane.kind === 'text' && pane.about === action ? only({ ...model, pane: { kind: 'log' } }) : null;
    case 'quit':
      return pane.kind === 'help' ? only({ ...model, pane: { kind: 'log' } }) : null;
    case 'up':
    case 'down':
      return pane.kind === 'help' ? to(pane.top + (action === 'up' ? -1 : 1)) : null;
    case 'line-up':
      return to(pane.top - 1);
    case 'line-down':
      return to(pane.top + 1);
    case 'page-up':
      return to(pane.top - page);
    case 'page-down':
      return to(pane.top + page);
    case 'log-start':
      return to(0);
    case 'log-end':
      return to(count);
    default:
      return null;
  }
}

function done(model: Model, action: Action): Step {
  const toLog: Model = { ...model, pane: { kind: 'log' } };
  switch (action) {
    case 'up':
      return move(model, -1);
    case 'down':
      return move(model, 1);
    case 'filter':
      return prompting(model, 'filter', model.filter);
    case 'find':
      return prompting(toLog, 'find', '');
    case 'mark':
      return mark(model);
    case 'mark-all':
      return markAll(model);
    case 'start':
    case 'restart':
      return command(model, { do: 'command', verb: action, hard: false, names: concerned(model) });
    case 'hard-restart':
      return command(model, { do: 'command', verb: 'restart', hard: true, names: concerned(model) });
    case 'stop':
      return asking(model);
    case 'follow':
      return togglePause(toLog);
    case 'line-up':
    case 'line-down':
    case 'page-up':
    case 'page-down':
      return moveLog(model, action);
    case 'log-start':
      return toStart(model);
    case 'log-end':
      return toEnd(model);
    case 'find-older':
      return findNext(toLog, -1);
    case 'find-newer':
      return findNext(toLog, 1);
    case 'all-logs':
      return showLogOf(toLog, model.logOf === null ? model.selected : null);
    case 'wide':
      return only({ ...model, wide: !model.wide });
    case 'times':
      return only({ ...model, times: !model.times });
    case 'wrap':
      return only({ ...model, wrapped: !model.wrapped });
    case 'why':
    case 'loads':
      return text(model, action);
    case 'open':
      return open(model);
    case 'help':
      return only({ ...model, pane: { kind: 'help', top: 0 } });
    case 'back':
      return back(model);
    case 'suspend':
      return { model, effects: [{ do: 'suspend' }] };
    case 'quit':
      return { model, effects: [{ do: 'quit' }] };
  }
}

function move(model: Model, by: number): Step {
  const shown = shownServices(model);
  const at = shown.findIndex(({ name }) => name === model.selected);
  const next = shown[Math.max(0, Math.min(shown.length - 1, at + by))];
  return next === undefined ? only(model) : selecting(model, next.name);
}

function prompting(model: Model, kind: Prompt['kind'], text: string): Step {
  return only({ ...model, prompt: { kind, text, before: text } });
}

function mark(model: Model): Step {
  if (model.selected === null) return only(model);
  const marked = new Set(model.marked);
  if (!marked.delete(model.selected)) marked.add(model.selected);
  return move({ ...model, marked }, 1);
}

function markAll(model: Model): Step {
  const names = shownServices(model).map(({ name }) => name);
  const areAll = names.every((name) => model.marked.has(name));
  return only({ ...model, marked: new Set(areAll ? [] : names) });
}

function command(model: Model, effect: Extract<Effect, { do: 'command' }>): Step {
  return effect.names.length === 0 ? only(model) : { model, effects: [effect] };
}

function asking(model: Model): Step {
  const names = concerned(model);
  if (names.length === 0) return only(model);
  const what = names.length === 1 ? names[0] : `${names.length} services`;
  const effect: Effect = { do: 'command', verb: 'stop', hard: false, names };
  return only({ ...model, question: { text: `Stop ${what}? y stops, any other key does not`, effect } });
}

function text(model: Model, about: 'why' | 'loads'): Step {
  const service = model.selected;
  if (service === null) return only(model);
  return {
    model: { ...model, pane: { kind: 'text', about, service, lines: null, top: 0 } },
    effects: [{ do: 'text', about, service }],
  };
}

function open(model: Model): Step {
  const service = selectedService(model);
  if (service === null) return only(model);
  if (service.url === null)
    return only({ ...model, note: { text: `${service.name} has no address`, tone: 'plain' } });
  return { model, effects: [{ do: 'open', url: service.url }] };
}

/** One thing at a time, the last one first. */
function back(model: Model): Step {
  if (model.sought !== '') return only({ ...withoutSearch(model), sought: '', match: null });
  if (model.marked.size > 0) return only({ ...model, marked: new Set() });
  return filtered(model, '');
}

function only(model: Model): Step {
  return { model, effects: [] };
}
