/** What keys do, and what stands on the screen then, without a terminal. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { named } from '../../../src/cli/top/keyboard.ts';
import { actionOf, KEYS } from '../../../src/cli/top/keys.ts';
import { PLAIN_STYLE } from '../../../src/cli/top/style.ts';
import { width } from '../../../src/cli/top/text.ts';
import { view } from '../../../src/cli/top/view.ts';
import { lineOf, pageOf, statusOf, Ui } from './logs.ts';

const NOW = Date.parse('2026-11-28T12:10:00.000Z');
const SERVICES = [statusOf('web'), statusOf('api', { groups: ['back'] }), statusOf('日本語')];

function screen(ui: Ui): string[] {
  return view(ui.model, NOW, PLAIN_STYLE).map(({ left, right }) => left + right);
}

describe('commands', () => {
  it('concern the selected service, or the marked ones', () => {
    const ui = new Ui(SERVICES);
    expect(ui.press('r')).toEqual([{ do: 'command', verb: 'restart', hard: false, names: ['web'] }]);
    ui.press('m', 'm');
    expect(ui.press('R')).toEqual([{ do: 'command', verb: 'restart', hard: true, names: ['web', 'api'] }]);
    ui.press('escape', 'M');
    expect(ui.press('s')).toMatchObject([{ verb: 'start', names: ['web', 'api', '日本語'] }]);
  });

  it('ask before they stop, and take only y for a yes', () => {
    const ui = new Ui(SERVICES);
    for (const other of ['n', 'return', 'x', 'q', 'Y', '^y', 'escape'])
      expect(ui.press('x', other)).toEqual([]);
    expect(ui.press('x', 'y')).toEqual([{ do: 'command', verb: 'stop', hard: false, names: ['web'] }]);
  });

  it('never concern what one does not see', () => {
    const ui = new Ui(SERVICES);
    ui.press('/');
    ui.type('nothing');
    ui.press('return');
    expect(screen(ui).join('\n')).toContain('0 OF 3 /nothing');
    expect(ui.press('r', 'x', 'y', 's')).toEqual([]);
  });
});

describe('the filter', () => {
  it('knows names and groups, and moves to what is left', () => {
    const ui = new Ui(SERVICES);
    ui.press('/');
    ui.type('@BACK');
    expect(ui.model.selected).toBe('api');
    ui.press('^u');
    ui.type('日本');
    expect(ui.model.selected).toBe('日本語');
    ui.press('escape');
    expect(ui.model.filter).toBe('');
  });
});

describe('the selection', () => {
  it('stays on its service while others come and go, and shows its log', () => {
    const ui = new Ui(SERVICES);
    expect(ui.press('j')).toMatchObject([{ do: 'unfollow' }, { do: 'page', service: 'api', place: 'end' }]);
    ui.tell({ type: 'status-change', daemon: null, notes: [], changed: [statusOf('new')], removed: ['web'] });
    expect(ui.model.selected).toBe('api');
    ui.tell({ type: 'status-change', daemon: null, notes: [], changed: [], removed: ['api'] });
    expect(ui.model.selected).toBe('日本語');
  });

  it('leaves late answers about another log aside', () => {
    const ui = new Ui(SERVICES);
    const before = ui.model.asked;
    ui.press('j');
    ui.tell({ type: 'page', asked: before, place: 'end', page: pageOf([lineOf(1)], 0, 1) });
    expect(ui.model.log.pages).toEqual([]);
  });
});

describe('a search that takes its time', () => {
  const begun = () => {
    const lines = Array.from({ length: 80 }, (_, number) => lineOf(number));
    const ui = new Ui(SERVICES, 100, 20);
    ui.tell({ type: 'page', asked: ui.model.asked, place: 'end', page: pageOf(lines, 40, 80) });
    ui.press('f');
    ui.type('line 7 of long ago');
    const [effect] = ui.press('return');
    if (effect?.do !== 'find') throw new Error(JSON.stringify(effect));
    const { asked, search } = effect;
    const above = pageOf(lines, 0, 8);
    const below = pageOf(lines, 8, 40);
    return { ui, found: { type: 'found', asked, search, above, below, match: 'above' } as const };
  };

  it('moves the log to what it found', () => {
    const { ui, found } = begun();
    ui.tell(found);
    expect(ui.model.match).not.toBe(null);
    expect(ui.model.loading).toBe(false);
  });

  it.each([['escape'], ['space'], ['G'], ['g'], ['j']])('is given up by %s: the log stays', (key) => {
    const { ui, found } = begun();
    ui.press(key);
    const { log } = ui.model;
    ui.tell(found);
    ui.tell({ type: 'not-found', asked: found.asked, search: found.search });
    expect(ui.model.log).toEqual(log);
    expect(ui.model.match).toBe(null);
    expect(ui.model.note?.text ?? '').not.toContain('not found');
  });
});

describe('a text', () => {
  it('is scrolled by rows, so that none of it is passed over, and to its end', () => {
    const ui = new Ui(SERVICES, 80, 12);
    ui.press('w');
    const words = Array.from({ length: 60 }, (_, number) => `word${number}.`);
    ui.tell({ type: 'text', about: 'why', service: 'web', lines: [words.join(' '), 'the end'] });
    const seen = new Set<string>();
    const look = () => {
      const shown = screen(ui).join('\n');
      for (const word of words) if (shown.includes(word)) seen.add(word);
      return shown;
    };
    look();
    for (let page = 0; page < 20; page++) {
      ui.press('pagedown');
      look();
    }
    expect(seen.size).toBe(words.length);
    expect(look()).toContain('the end');
  });
});

describe('what has happened', () => {
  it('is told in one line, a crash also when its restart follows', () => {
    const ui = new Ui(SERVICES);
    const news = { service: 'web', time: '14:02:11' };
    const tell = (text: string, tone: 'bad' | 'plain') =>
      ui.tell({ type: 'note', note: { text, tone, news } });
    tell('web run 1 ended with exit 1', 'bad');
    tell('web run 2 started', 'plain');
    tell('web run 2 ready in 212 ms', 'plain');
    expect(ui.model.note).toMatchObject({
      text: '14:02:11 web run 1 ended with exit 1; now web run 2 ready in 212 ms',
      tone: 'bad',
    });
  });

  it.each([
    [
      statusOf('web', {
        state: 'crashed',
        ready: false,
        reason: { kind: 'failures', count: 5, window: 60_000 },
      }),
      'parked',
    ],
    [
      statusOf('web', {
        state: 'backoff',
        ready: false,
        exit: { code: 3 },
        retryAt: '2026-11-28T12:10:04.200Z',
      }),
      'retry 5 s',
    ],
    [statusOf('web', { state: 'starting', ready: false, waitingFor: ['db'] }), 'waits for db'],
    [statusOf('web', { ready: false }), 'no answer'],
    [
      statusOf('web', {
        editFailed: {
          run: 8,
          cause: { kind: 'edit', files: ['a.js'] },
          exit: { code: 1 },
          message: 'ended with exit 1',
        },
      }),
      'edit a.js: run 8 ended with exit 1',
    ],
  ])('shows what a person should know: %#', (service, words) => {
    expect(screen(new Ui([service], 140, 40)).join('\n')).toContain(words);
  });
});

describe('keys', () => {
  it('mean one thing each, and all of them are in the help', () => {
    const all = KEYS.flatMap((entry) => (typeof entry === 'string' ? [] : entry.keys));
    expect(new Set(all).size).toBe(all.length);
    expect(actionOf({ name: 'c', ctrl: true })).toBe('quit');
    expect(actionOf({ name: 'c', ctrl: false })).toBe(null);
  });

  it('are told apart by case; Alt is none', () => {
    expect(named({ name: 'r', sequence: 'R' })).toEqual({ name: 'R', ctrl: false });
    expect(named({ sequence: '/' })).toEqual({ name: '/', ctrl: false });
    expect(named({ name: 'space', sequence: ' ' })).toEqual({ name: 'space', ctrl: false });
    expect(named({ name: 'x', sequence: '\u001bx', meta: true })).toBe(null);
  });
});

it('fills every screen to its last row, and none further, whatever is pressed', () => {
  const key = fc.constantFrom(
    ...KEYS.flatMap((entry) => (typeof entry === 'string' ? [] : entry.keys)).filter(
      (each) => !/^\^?[czq]$/.test(each),
    ),
    ...'xy日',
    'backspace',
  );
  const size = fc.record({
    columns: fc.integer({ min: 1, max: 160 }),
    rows: fc.integer({ min: 1, max: 50 }),
  });
  const lines = Array.from({ length: 80 }, (_, number) => ({
    ...lineOf(number),
    text: `${'日本\u001b[31mx\t'.repeat(number % 40)} line ${number}`,
  }));
  fc.assert(
    fc.property(size, fc.array(key, { maxLength: 30 }), ({ columns, rows }, keys) => {
      const ui = new Ui(SERVICES, columns, rows);
      ui.tell({ type: 'page', asked: ui.model.asked, place: 'end', page: pageOf(lines, 0, 80) });
      for (const each of keys) ui.press(each);
      const drawn = view(ui.model, NOW, PLAIN_STYLE);
      expect(drawn).toHaveLength(rows);
      for (const { left, at, right } of drawn) {
        if (at > 0) expect(width(left)).toBe(at);
        expect(width(left) + width(right)).toBeLessThanOrEqual(columns);
      }
    }),
    // Times beside a pane that has no room for them.
    { examples: [[{ columns: 40, rows: 10 }, ['t']]] },
  );
});
