/** The terminal UI in a real terminal: what a person sees, and what every key does. */
import { describe, expect, it } from 'vitest';
import { type Rig, testRig } from '../rig/rig.ts';
import { HAS_TMUX, openTmux, type Tmux } from './tmux.ts';

const ESC = '\u001b';
/** A colour, as tmux tells it. */
const COLOUR = new RegExp(`${ESC}\\[(?:\\d+;)*[34][0-7][;m]`);

const SIZES = [
  [80, 24],
  [140, 40],
] as const;

/** Two services with a port, one without; started, and shown. */
async function shown(columns = 80, rows = 24, env: Record<string, string> = {}) {
  const rig = await testRig();
  rig.configure({
    web: { port: await rig.port() },
    api: { port: await rig.port(), group: 'back' },
    'long-named-worker': {},
  });
  await rig.ok('start');
  const tmux = openTmux(rig, columns, rows, env);
  tmux.type(`clear; echo before; ${rig.cliWords('top')}; echo "ended with $?"`);
  tmux.press('Enter');
  await tmux.shows('3 of 3 ready');
  return { rig, tmux, web: await rig.nextInvocation('web'), api: await rig.nextInvocation('api') };
}

function topPid(rig: Rig): number {
  const found = rig.processes().find(({ command }) => / top$/.test(command));
  if (found === undefined) throw new Error('top does not run');
  return found.pid;
}

/** Where the border between the services and the log stands, in each row that has one. */
function borders(tmux: Tmux): Set<number> {
  const body = tmux.rows().slice(1, -2);
  return new Set(body.map((row) => row.indexOf('│')));
}

describe.skipIf(!HAS_TMUX)('upkeep top', () => {
  it.each(SIZES)('shows services and log side by side in %i x %i', async (columns, rows) => {
    const { tmux, web } = await shown(columns, rows);
    await web.print(100, 'hello');
    const screen = await tmux.shows('hello 100');
    expect(screen).toMatch(/> ● web +ready/);
    expect(screen).toContain('last cause: start');
    expect(tmux.rows()).toHaveLength(rows);
    expect(borders(tmux).size).toBe(1);
    expect(tmux.rows().at(-1)).toContain('? help');
    expect(screen.includes('MEMORY')).toBe(columns >= 120);
    tmux.press('?');
    await tmux.shows('the service above');
    tmux.press('Escape');
    await tmux.hides('the service above');
  });

  it('moves, filters, marks, and steers', async () => {
    const { rig, tmux, web } = await shown();
    tmux.press('j');
    await tmux.shows(/> ● api/);
    tmux.press('Up');
    await tmux.shows(/> ● web/);
    tmux.press('/');
    tmux.type('worker');
    await tmux.shows('1 OF 3 /worker');
    tmux.press('Enter');
    await tmux.shows(/> ● long-named/);
    tmux.press('Escape');
    await tmux.shows('SERVICES');
    tmux.press('k', 'k', 'x');
    await tmux.shows('Stop web?');
    tmux.press('n');
    await tmux.shows('nothing was stopped');
    tmux.press('x', 'y');
    await tmux.shows(/○ web +stopped/);
    await web.gone;
    tmux.press('s');
    await tmux.shows('3 of 3 ready');
    const second = await rig.nextInvocation('web');
    tmux.press('r');
    const third = await rig.nextInvocation('web');
    expect(third.pid).not.toBe(second.pid);
    // What the command says, or what was told of the run in the same moment.
    await tmux.shows(/web: ready in|web run 3 (?:ready in|took over)/);
    tmux.press('R');
    await rig.nextInvocation('web');
    await tmux.shows('3 of 3 ready');
    tmux.press('M', 'x', 'y');
    await tmux.shows('0 of 3 ready');
    await tmux.shows('no daemon');
    tmux.press('s');
    await tmux.shows('3 of 3 ready');
  });

  it('follows, pauses, scrolls through all of the log, and finds', async () => {
    const { tmux, web } = await shown();
    await web.do({ do: 'print', text: 'the needle is here\n' });
    await web.print(2000);
    await tmux.shows('line 2000');
    tmux.press('Space');
    await tmux.shows('[paused');
    await web.print(1, 'late');
    await tmux.shows('1 new');
    expect(await tmux.hides('late 1')).toContain('line 2000');
    tmux.press('PageUp');
    await tmux.hides('line 2000');
    tmux.press('g');
    await tmux.shows('the needle');
    tmux.press('G');
    await tmux.shows('late 1');
    tmux.press('f');
    tmux.type('needle');
    tmux.press('Enter');
    await tmux.shows('the needle');
    expect(tmux.coloured()).toContain('the \u001b[7mneedle');
    tmux.press('n');
    await tmux.shows(/"needle" (above|was not found)|no other/);
    tmux.press('Space');
    await tmux.shows('late 1');
    tmux.press('a');
    await tmux.shows('all services');
    await tmux.shows(/web +│ late 1/);
  });

  it('tells why, and what was loaded', async () => {
    const { rig, tmux } = await shown(140, 40);
    tmux.press('w');
    await tmux.shows('web: why');
    await tmux.shows('run 1 started: asked for by "upkeep start"');
    tmux.press('l');
    await tmux.shows('web: loaded files');
    await tmux.shows(`${rig.entry('web')}  (entry)`);
    tmux.press('Escape');
    await tmux.hides('loaded files');
  });

  it('shows a crash, and a failed edit, at once', async () => {
    const { rig, tmux, web } = await shown(140, 40);
    await web.end({ do: 'throw', message: 'boom on demand' });
    await tmux.shows(/web run 1 ended with exit 1 after .*; now web run 2 ready/);
    await tmux.shows('boom on demand');
    await tmux.shows('3 of 3 ready');
    rig.write(rig.entry('web'), 'throw new Error("broken edit");\n');
    await tmux.shows('edit failed');
    await tmux.shows('1 needs you');
  });

  it('goes on when the daemon is killed', async () => {
    const { rig, tmux, api } = await shown();
    const before = (await rig.status()).daemon?.pid ?? 0;
    process.kill(before, 'SIGKILL');
    await rig.eventually(async () => (await rig.status()).daemon?.pid !== before, 'another daemon');
    tmux.press('j');
    await api.print(3, 'after');
    await tmux.shows('after 3');
    tmux.press('r');
    await rig.nextInvocation('api');
    await tmux.shows('3 of 3 ready');
  });

  it('follows the size of the terminal, and says when that is too small', async () => {
    const { tmux } = await shown(140, 40);
    await tmux.shows('MEMORY');
    tmux.resize(80, 24);
    await tmux.hides('MEMORY');
    expect(tmux.rows()).toHaveLength(24);
    expect(borders(tmux).size).toBe(1);
    tmux.resize(30, 8);
    await tmux.shows('Too small');
    tmux.resize(100, 30);
    await tmux.shows('3 of 3 ready');
    tmux.press('Enter');
    await tmux.hides(/^ {4}SERVICES/m);
    tmux.press('Enter');
    await tmux.shows(/^ {4}SERVICES/m);
  });

  it('shows no colours with NO_COLOR, and no sequences of services', async () => {
    const { tmux, web } = await shown(80, 24, { NO_COLOR: '1' });
    await web.do({ do: 'print', text: '\u001b]0;evil\u0007\u001b[2J\u001b[31mred 日本語 text\u001b[0m\n' });
    await tmux.shows('red 日本語 text');
    expect(tmux.coloured()).not.toMatch(COLOUR);
    expect(tmux.ask('#{pane_title}')).not.toContain('evil');
    expect(borders(tmux).size).toBe(1);
  });
});

describe.skipIf(!HAS_TMUX)('the terminal afterwards', () => {
  async function isAsBefore(tmux: Tmux, code: number | string) {
    const screen = await tmux.shows(`ended with ${code}`);
    expect(screen).toContain('before');
    expect(screen).not.toContain('SERVICES');
    const modes = '#{alternate_on} #{cursor_flag} #{wrap_flag}';
    expect(tmux.ask(modes)).toBe('0 1 1');
    tmux.type('stty -a | grep -c " icanon"');
    tmux.press('Enter');
    await tmux.shows(/^1$/m);
  }

  it.each([
    ['q', 0],
    ['C-c', 0],
  ])('is as it was after %s', async (key, code) => {
    const { tmux } = await shown();
    tmux.press(key);
    await isAsBefore(tmux, code);
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
    ['SIGHUP', 129],
  ] as const)('is as it was after %s', async (signal, code) => {
    const { rig, tmux } = await shown();
    process.kill(topPid(rig), signal);
    await isAsBefore(tmux, code);
  });

  it('is the shell’s during Ctrl-Z, and shows all again after fg', async () => {
    const { tmux } = await shown();
    tmux.press('C-z');
    await tmux.shows('Stopped');
    expect(tmux.ask('#{alternate_on} #{cursor_flag}')).toBe('0 1');
    tmux.type('fg');
    tmux.press('Enter');
    await tmux.shows('3 of 3 ready');
    tmux.press('j');
    await tmux.shows(/> ● api/);
    tmux.press('q');
    await tmux.hides('SERVICES');
  });

  it('may be closed: nothing of it stays', async () => {
    const { rig, tmux } = await shown();
    const pid = topPid(rig);
    tmux.close();
    await rig.eventually(() => rig.processes().every((each) => each.pid !== pid), 'top is gone');
  });

  it('answers keys while ten thousand lines a second come, and is at the last one then', async () => {
    const rig = await testRig();
    rig.write(
      'talk.cjs',
      `const { existsSync } = require('node:fs');
let round = 0;
const flood = setInterval(() => {
  round++;
  let text = '';
  for (let n = 0; n < 500; n++) text += 'flood ' + round + ' line ' + n + ' GET /api/items/' + n + ' 200\\n';
  process.stdout.write(text);
  if (!existsSync('calm')) return;
  clearInterval(flood);
  console.log('the flood is over');
  setInterval(() => {}, 1e6);
}, 50);
`,
    );
    rig.configure({ talk: { command: 'node talk.cjs', ready: { log: 'flood 1 ' } } });
    await rig.ok('start');
    const tmux = openTmux(rig, 100, 30);
    tmux.type(`clear; ${rig.cliWords('top')}`);
    tmux.press('Enter');
    await tmux.shows('flood');
    for (let time = 0; time < 3; time++) {
      tmux.press('?');
      await tmux.shows('the service above');
      tmux.press('Escape');
      await tmux.hides('the service above');
      tmux.press('Space');
      await tmux.shows('paused');
      tmux.press('Space');
      await tmux.hides('paused');
    }
    rig.write('calm', '');
    await tmux.shows('the flood is over');
  });
});

describe.skipIf(!HAS_TMUX)('upkeep alone', () => {
  it('is the same where there is a workspace, and starts it', async () => {
    const rig = await testRig();
    rig.configure({ web: { port: await rig.port() } });
    const tmux = openTmux(rig, 80, 24);
    tmux.type(rig.cliWords());
    tmux.press('Enter');
    await tmux.shows('no daemon');
    tmux.press('s');
    await tmux.shows('1 of 1 ready');
    await tmux.shows('listening on');
    tmux.press('q');
    await tmux.hides('SERVICES');
    expect((await rig.service('web')).ready).toBe(true);
  });

  it('is the help elsewhere', async () => {
    const rig = await testRig();
    const tmux = openTmux(rig, 100, 40);
    tmux.type(rig.cliWords());
    tmux.press('Enter');
    await tmux.shows('Exit codes');
    const result = await rig.cli('top');
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('needs a terminal');
  });
});
