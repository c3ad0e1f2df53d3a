import { describe, expect, it } from 'vitest';
import { bundleGraph, type Fixture, graph, ran, why } from './fixture.ts';

bundleGraph();

const CUP: Fixture = {
  loads: [
    ['servers/cup.js', null],
    ['engine/format.js', 'servers/cup.js'],
    ['engine/tournament.js', 'servers/cup.js'],
    ['engine/format.js', 'engine/tournament.js'],
    ['engine/scoring.cjs', 'engine/tournament.js'],
    ['engine/teams.json', 'engine/scoring.cjs'],
    ['pages/index.js', 'node_modules/@scope/kit/dist/run.js'],
  ],
  lines: [
    ['missing', 9, './extra.js', 'ROOT/engine/tournament.js'],
    ['read', 9, 'ROOT/templates/cup.html'],
  ],
};
const COACH: Fixture = {
  loads: [
    ['servers/coach.js', null],
    ['engine/format.js', 'servers/coach.js'],
  ],
  lines: [['read', 9, 'ROOT/templates/cup.html']],
};
const WORKER: Fixture = { loads: [], node: null, spec: { command: { argv: ['cargo', 'run'] } } };
const OLD: Fixture = { loads: null };

const FILES = { 'engine/format.js': '', 'engine/scoring.cjs': '', 'README.md': '', 'templates/cup.html': '' };
const all = () => ran({ cup: CUP, coach: COACH, worker: WORKER, old: OLD }, FILES);

describe('upkeep graph', () => {
  it('tells of all services', () => {
    expect(graph(all())).toEqual({
      status: 0,
      stderr: '',
      stdout: `SERVICE  RUN  FILES
cup        2      6
coach      2      2
worker     2      0  not exact: cargo is not a Node, Python or Ruby program
old        2      -  not exact: this run was not asked what it loads

Shared by most services:
  2  engine/format.js  cup, coach
`,
    });
  });

  it('draws what one loaded', () => {
    expect(graph(all(), 'cup')).toEqual({
      status: 0,
      stderr: '',
      stdout: `cup loaded 6 files in run 2.

servers/cup.js
├─ engine/format.js
└─ engine/tournament.js
   ├─ engine/format.js (see above)
   ├─ engine/scoring.cjs
   │  └─ engine/teams.json (JSON)
   └─ ./extra.js (missing)
@scope/kit (package)
└─ pages/index.js

Read at run time, not watched; add it to \`watch\` if an edit is to restart it:
  templates/cup.html
`,
    });
  });

  it('tells whom an edit concerns, from wherever one is', () => {
    const root = all();
    expect(
      graph(root, '--file', 'engine/scoring.cjs').stdout,
    ).toBe(`An edit of engine/scoring.cjs restarts 2 services:
  cup  servers/cup.js → engine/tournament.js → engine/scoring.cjs
  old  it is among its sources

It cannot be told of:
  worker: not exact: cargo is not a Node, Python or Ruby program
`);
    const both = graph(`${root}/engine`, '--file', 'format.js').stdout;
    expect(both).toContain(
      'restarts 3 services:\n  cup    servers/cup.js → engine/format.js\n  coach  servers/coach.js',
    );
  });

  it('tells who would be restarted by a file that is missing', () => {
    const { stdout } = graph(all(), '--file', 'engine/extra.ts');
    expect(stdout).toContain('cup  servers/cup.js → engine/tournament.js → engine/extra.ts (missing)');
  });

  it('tells of a file that is read, of one that nobody uses, and of none', () => {
    const root = all();
    expect(graph(root, '--file', 'templates/cup.html').stdout).toMatch(
      /^Read at run time, not watched; add it to `watch` of:\n {2}cup\n {2}coach\n/,
    );
    expect(graph(root, '--file', 'README.md').stdout).toMatch(
      /^No service is known to have loaded README\.md\./,
    );
    expect(graph(root, '--file', 'engine/scorin.cjs')).toEqual({
      status: 2,
      stdout: '',
      stderr:
        'upkeep: There is no file engine/scorin.cjs, and no service asked for it.\n  Did you mean engine/scoring.cjs?\n',
    });
  });

  it('tells of stopped services, env files and globs', () => {
    const root = ran(
      {
        cup: { ...CUP, alive: false, wanted: false },
        web: {
          loads: [],
          spec: { watch: { enabled: true, include: ['pages/**/*.html', 'styles'], ignore: [] } },
        },
      },
      { 'engine/format.js': '', 'pages/a/b.html': '', 'styles/x.css': '' },
    );
    expect(graph(root, 'cup').stdout).toMatch(/^cup loaded 6 files in its last run, 2\.\n/);
    expect(graph(root, '--file', 'engine/format.js').stdout).toContain(
      'An edit of engine/format.js restarts nothing. It concerns 1 service that is stopped or not watched:\n  cup  servers/cup.js → engine/format.js\n',
    );
    for (const file of ['pages/a/b.html', 'styles/x.css'])
      expect(graph(root, '--file', file).stdout).toContain(
        'restarts 1 service:\n  web  named by its `watch`\n',
      );
  });

  it('tells of a service that is not watched, and takes no file for its source', () => {
    const watch = { enabled: false, include: [], ignore: [] };
    const root = ran({ web: { loads: [], node: null, spec: { watch } } }, { 'lib.js': '' });
    expect(graph(root).stdout).toContain('web        2      -  not watched (watch: false)\n');
    expect(graph(root, 'web').stdout).toBe(
      'Run 2 of web has no report of what it loaded: it is not watched (watch: false).\n',
    );
    expect(JSON.parse(graph(root, 'web', '--json').stdout)).toMatchObject({
      exactness: { kind: 'off' },
      files: null,
    });
    const { stdout } = graph(root, '--file', 'lib.js');
    expect(stdout).toMatch(/^No service is known to have loaded lib\.js\./);
    expect(stdout).toContain('It cannot be told of:\n  web: not watched (watch: false)\n');
  });

  it('tells of what `watch` leaves out', () => {
    const watch = { enabled: true, include: ['data'], ignore: ['engine', 'secret.txt'] };
    const root = ran(
      { cup: { ...CUP, spec: { watch } } },
      { 'engine/format.js': '', 'data/secret.txt': '', 'data/open.txt': '' },
    );
    expect(graph(root, '--file', 'engine/format.js').stdout).toBe(
      'An edit of engine/format.js restarts nothing. The `watch` of 1 service leaves it out, by `ignore` or `!`:\n  cup  servers/cup.js → engine/format.js\n',
    );
    expect(graph(root, '--file', 'data/secret.txt').stdout).toMatch(
      /restarts nothing. The `watch` of 1 service/,
    );
    expect(graph(root, '--file', 'data/open.txt').stdout).toContain('restarts 1 service:\n  cup');
    const { services } = JSON.parse(graph(root, '--file', 'engine/format.js', '--json').stdout);
    expect(services).toMatchObject([{ why: 'loaded', effect: 'nothing', ignored: true }]);
  });

  it('offers what is read for `watch` unless that names it, or leaves it out', () => {
    const read = ['a.html', 'b.html', 'c.pem', 'd.log'].map((file) => ['read', 9, `ROOT/views/${file}`]);
    const cup = (include: string[], ignore: string[] = []) => ({
      loads: CUP.loads,
      lines: read,
      spec: { watch: { enabled: true, include, ignore } },
    });
    const root = ran({ one: cup([]), two: cup(['views/*.html'], ['*.pem']) });
    const readIn = (name: string) => JSON.parse(graph(root, name, '--json').stdout).read;
    expect(readIn('one')).toEqual(['views/a.html', 'views/b.html', 'views/c.pem', 'views/d.log']);
    expect(readIn('two')).toEqual(['views/d.log']);
    expect(graph(root, 'two').stdout).toMatch(/restart it:\n {2}views\/d\.log\n$/);
  });

  it('tells of a Go service what the daemon says', () => {
    const go = { loads: [], node: null, spec: { command: { argv: ['go', 'run', '.'] } } };
    const root = ran({
      runs: { ...go, watching: { kind: 'exact' } },
      stopped: { ...go, alive: false, wanted: false, watching: { kind: 'off' } },
      untold: { ...go, watching: { kind: 'not-exact', reason: 'go is not a Node, Python or Ruby program' } },
    });
    expect(graph(root).stdout).toBe(`SERVICE  RUN  FILES
runs       2      -  what its toolchain lists
stopped    2      -  what its toolchain lists
untold     2      -  not exact: go is not a Node, Python or Ruby program
`);
    expect(graph(root, 'runs').stdout).toBe(
      'What runs is built from is what its toolchain lists, and no run tells: upkeep graph --file PATH asks it.\n',
    );
  });

  it('finds chains through sources where Node 20 does not tell them', () => {
    const root = ran(
      {
        web: {
          loads: [
            ['web.mjs', null],
            ['a.mjs', null],
            ['lazy.mjs', null],
          ],
          node: '20.19.0',
        },
      },
      { 'web.mjs': 'import "./a.mjs"; import("./" + "lazy.mjs")', 'a.mjs': '', 'lazy.mjs': '' },
    );
    expect(graph(root, '--file', 'a.mjs').stdout).toContain('  web  web.mjs → a.mjs\n');
    expect(graph(root, 'web').stdout).toContain('web.mjs\n└─ a.mjs\nlazy.mjs (not known who loaded it)\n');
  });

  it('says what is not known of a service', () => {
    const root = all();
    expect(graph(root, 'old').stdout).toMatch(/^Run 2 of old has no report of what it loaded/);
    expect(graph(root, 'worker').stdout).toContain(
      'It is not exact: cargo is not a Node, Python or Ruby program.',
    );
    expect(graph(ran({}), '--json').stdout).toContain('"services": []');
    expect(graph(ran({})).stdout).toBe('There are no services.\n');
  });

  it('is JSON for programs', () => {
    const root = all();
    const parse = (...args: string[]) => JSON.parse(graph(root, '--json', ...args).stdout);
    expect(parse()).toMatchObject({
      workspace: root,
      services: [{ service: 'cup', run: 2, files: 6, exactness: { kind: 'exact' } }, {}, {}, { files: null }],
      shared: [{ file: 'engine/format.js', services: ['cup', 'coach'] }],
    });
    expect(parse('cup')).toMatchObject({
      service: 'cup',
      complete: true,
      files: expect.arrayContaining([
        {
          file: 'engine/format.js',
          loadedAt: '1970-01-01T00:00:00.003Z',
          entry: false,
          parents: ['servers/cup.js', 'engine/tournament.js'],
        },
      ]),
      missing: [{ specifier: './extra.js', parent: 'engine/tournament.js' }],
      read: ['templates/cup.html'],
    });
    expect(parse('old')).toMatchObject({ files: null, missing: null, read: null });
    expect(parse('--file', 'engine/format.js')).toMatchObject({
      file: 'engine/format.js',
      services: [
        { service: 'cup', why: 'loaded', chain: ['servers/cup.js', 'engine/format.js'], effect: 'restart' },
        { service: 'coach' },
        { service: 'old', why: 'sources', chain: null },
      ],
      readBy: [],
      unsure: [{ service: 'worker' }],
    });
  });

  it('shows nothing that moves the cursor', () => {
    const root = ran({ web: { loads: [['a\x1b[2J\n\u202e.js', null]] } });
    expect(graph(root, 'web').stdout).toContain('a?[2J??.js');
    for (const format of ['dot', 'mermaid'])
      expect(graph(root, 'web', '--format', format).stdout).not.toContain('\x1b');
  });

  it('refuses what it does not know, and says what was meant', () => {
    const root = all();
    expect(graph(root, 'cupp')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('Did you mean "cup"?'),
    });
    expect(graph(root, 'cup', 'coach').status).toBe(2);
    expect(graph(root, 'cup', '--file', 'x').status).toBe(2);
    expect(graph(root, '--format', 'mermeid').stderr).toContain('Did you mean "mermaid"?');
    expect(graph(root, '--json', '--format', 'dot').status).toBe(2);
    expect(graph(root, '--file', '').status).toBe(2);
  });
});

it('upkeep why --file tells the same as upkeep graph --file', () => {
  const root = all();
  expect(why(root, '--file', 'engine/scoring.cjs')).toEqual(graph(root, '--file', 'engine/scoring.cjs'));
  expect(why(root, '--file', 'engine/scoring.cjs', '--json').stdout).toContain('"chain"');
  expect(why(root, 'cup', '--file', 'engine/scoring.cjs')).toMatchObject({ status: 2, stdout: '' });
  expect(why(root)).toMatchObject({ status: 2 });
});
