/** Which key does what: the one table that the keys and the help are made from. */

export type Action =
  | 'up'
  | 'down'
  | 'filter'
  | 'mark'
  | 'mark-all'
  | 'start'
  | 'stop'
  | 'restart'
  | 'hard-restart'
  | 'follow'
  | 'line-up'
  | 'line-down'
  | 'page-up'
  | 'page-down'
  | 'log-start'
  | 'log-end'
  | 'find'
  | 'find-older'
  | 'find-newer'
  | 'all-logs'
  | 'wide'
  | 'times'
  | 'wrap'
  | 'why'
  | 'loads'
  | 'open'
  | 'help'
  | 'back'
  | 'suspend'
  | 'quit';

interface KeyHelp {
  action: Action;
  /** Key names; `^` stands for Ctrl. The first ones are shown. */
  keys: readonly string[];
  shown: string;
  text: string;
}

export const KEYS: readonly (string | KeyHelp)[] = [
  'Services',
  { action: 'up', keys: ['up', 'k'], shown: '↑ k', text: 'the service above' },
  { action: 'down', keys: ['down', 'j'], shown: '↓ j', text: 'the service below' },
  { action: 'filter', keys: ['/'], shown: '/', text: 'show only names that hold this, or a @group' },
  { action: 'mark', keys: ['m'], shown: 'm', text: 'mark it: keys then concern all marked ones' },
  { action: 'mark-all', keys: ['M'], shown: 'M', text: 'mark all that are shown, or none' },
  { action: 'start', keys: ['s'], shown: 's', text: 'start' },
  { action: 'stop', keys: ['x'], shown: 'x', text: 'stop (asks)' },
  { action: 'restart', keys: ['r'], shown: 'r', text: 'restart' },
  { action: 'hard-restart', keys: ['R'], shown: 'R', text: 'restart hard: stop first, then start' },
  { action: 'why', keys: ['w'], shown: 'w', text: 'why: the story of its runs' },
  { action: 'loads', keys: ['l'], shown: 'l', text: 'which files it loaded, and through which' },
  { action: 'open', keys: ['o'], shown: 'o', text: 'open its address in the browser' },
  'Log',
  {
    action: 'all-logs',
    keys: ['a', 'tab'],
    shown: 'a Tab',
    text: 'all services merged, or the selected one',
  },
  { action: 'follow', keys: ['space', 'p'], shown: 'Space', text: 'pause, or follow the newest lines again' },
  { action: 'page-up', keys: ['pageup', '^b', '^u'], shown: 'PgUp ^B', text: 'a page back' },
  { action: 'page-down', keys: ['pagedown', '^f', '^d'], shown: 'PgDn ^F', text: 'a page on' },
  { action: 'line-up', keys: ['K', '^y'], shown: 'K', text: 'a line back' },
  { action: 'line-down', keys: ['J', '^e'], shown: 'J', text: 'a line on' },
  { action: 'log-start', keys: ['g', 'home'], shown: 'g Home', text: 'the beginning of the log' },
  { action: 'log-end', keys: ['G', 'end'], shown: 'G End', text: 'the end, and follow' },
  { action: 'find', keys: ['f'], shown: 'f', text: 'find text in the log; a capital makes case count' },
  { action: 'find-older', keys: ['n'], shown: 'n', text: 'the next match above' },
  { action: 'find-newer', keys: ['N'], shown: 'N', text: 'the next match below' },
  { action: 'times', keys: ['t'], shown: 't', text: 'times on or off' },
  { action: 'wrap', keys: ['z'], shown: 'z', text: 'wrap long lines, or cut them' },
  { action: 'wide', keys: ['return', 'enter'], shown: 'Enter', text: 'the log over the whole width, or not' },
  'Else',
  { action: 'back', keys: ['escape'], shown: 'Esc', text: 'back: closes, clears search, marks and filter' },
  { action: 'help', keys: ['?', 'h'], shown: '?', text: 'this help' },
  { action: 'suspend', keys: ['^z'], shown: '^Z', text: 'to the shell; fg comes back' },
  { action: 'quit', keys: ['q', '^c'], shown: 'q ^C', text: 'quit; services run on' },
];

const ACTIONS = new Map(
  KEYS.flatMap((entry) =>
    typeof entry === 'string' ? [] : entry.keys.map((key) => [key, entry.action] as const),
  ),
);

export function actionOf({ name, ctrl }: { name: string; ctrl: boolean }): Action | null {
  return ACTIONS.get(ctrl ? `^${name}` : name) ?? null;
}

/** The line at the bottom: the most wanted first; what does not fit is left to the help. */
export const KEY_LINE: readonly (readonly [key: string, word: string])[] = [
  ['?', 'help'],
  ['q', 'quit'],
  ['s', 'start'],
  ['x', 'stop'],
  ['r', 'restart'],
  ['w', 'why'],
  ['/', 'filter'],
  ['f', 'find'],
  ['a', 'all logs'],
  ['Space', 'pause'],
  ['m', 'mark'],
  ['o', 'open'],
  ['Enter', 'wide'],
  ['l', 'loads'],
  ['t', 'times'],
  ['g G', 'begin, end'],
];
