import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { candidatePaths } from '../../src/loads/candidates.ts';
import { createPlace, isInstalled } from './rig.ts';

const hasPython = isInstalled('python3', '-c', 'import sys; sys.exit(sys.version_info < (3, 8))');

const ANY = expect.any(Number);

interface Case {
  name: string;
  files: Record<string, string>;
  argv: string[];
  loads: string[];
  missing?: string[];
  code?: number;
}

const SPAWN = `
import multiprocessing
def work():
    import inside
if __name__ == "__main__":
    context = multiprocessing.get_context("KIND")
    child = context.Process(target=work)
    child.start()
    child.join()
`;

const CASES: Case[] = [
  {
    name: 'a script and what it imports, through packages',
    files: {
      'app.py': 'import json, engine.pricing\nfrom engine import rules\n',
      'engine/__init__.py': '',
      'engine/pricing.py': 'from . import scoring\n',
      'engine/scoring.py': '',
      'engine/rules.py': '',
      'engine/unused.py': '',
    },
    argv: ['app.py'],
    loads: [
      'app.py < -',
      'engine/__init__.py < app.py',
      'engine/pricing.py < app.py',
      'engine/scoring.py < engine/pricing.py',
      'engine/rules.py < app.py',
    ],
  },
  {
    name: 'a module by -m',
    files: { 'app/__init__.py': '', 'app/server.py': 'from app import util\n', 'app/util.py': '' },
    argv: ['-m', 'app.server'],
    loads: ['app/__init__.py < -', 'app/server.py < -', 'app/util.py < app/server.py'],
  },
  {
    name: 'a folder with a __main__',
    files: { 'tool/__main__.py': 'import part\n', 'tool/part.py': '' },
    argv: ['tool'],
    loads: ['tool/__main__.py < -', 'tool/part.py < tool/__main__.py'],
  },
  {
    name: 'a namespace package',
    files: { 'app.py': 'import ns.deep.leaf\n', 'ns/deep/leaf.py': '' },
    argv: ['app.py'],
    loads: ['app.py < -', 'ns/deep/leaf.py < app.py'],
  },
  {
    name: 'import_module and a thread',
    files: {
      'app.py': `import importlib, threading
importlib.import_module("plugin")
thread = threading.Thread(target=lambda: importlib.import_module("threaded"))
thread.start(); thread.join()
`,
      'plugin.py': '',
      'threaded.py': '',
    },
    argv: ['app.py'],
    loads: ['app.py < -', 'plugin.py < app.py', 'threaded.py < app.py'],
  },
  {
    name: 'a syntax error',
    files: { 'app.py': 'import broken\n', 'broken.py': 'def x(:\n' },
    argv: ['app.py'],
    loads: ['app.py < -', 'broken.py < app.py'],
    code: 1,
  },
  {
    name: 'a syntax error in the script',
    files: { 'app.py': 'def x(:\n' },
    argv: ['app.py'],
    loads: ['app.py < -'],
    code: 1,
  },
  {
    name: 'missing modules, caught and not',
    files: {
      'app.py': 'try:\n  import perhaps\nexcept ImportError: pass\nimport pkg\nimport pkg.gone\n',
      'pkg/__init__.py': '',
    },
    argv: ['app.py'],
    loads: ['app.py < -', 'pkg/__init__.py < app.py'],
    missing: ['perhaps', 'pkg/gone'],
    code: 1,
  },
  ...['fork', 'spawn', 'forkserver'].map((kind) => ({
    name: `a child by ${kind}`,
    files: { 'app.py': SPAWN.replace('KIND', kind), 'inside.py': '' },
    argv: ['app.py'],
    loads: ['app.py < -', 'inside.py < app.py'],
  })),
  {
    name: 'odd names, and a link to a file',
    files: { 'app.py': 'import linked, naïve\n', 'naïve.py': '', 'real "dir"/𝒜.py': '' },
    argv: ['app.py'],
    loads: ['app.py < -', 'real "dir"/𝒜.py < app.py', 'naïve.py < app.py'],
  },
  {
    name: 'the last words of a process that dies at once',
    files: { 'app.py': 'import last\n', 'last.py': 'import os\nos._exit(7)\n' },
    argv: ['app.py'],
    loads: ['app.py < -', 'last.py < app.py'],
    code: 7,
  },
];

describe.skipIf(!hasPython)('a Python process reports what it loads', () => {
  it.each(CASES)('$name', async ({ files, argv, loads, missing = [], code = 0 }) => {
    const place = createPlace(files);
    const odd = path.join(place.root, 'real "dir"/𝒜.py');
    if (fs.existsSync(odd)) fs.symlinkSync(odd, path.join(place.root, 'linked.py'));
    const outcome = await place.run(['python3', ...argv]);
    expect(outcome.code).toBe(code);
    expect(place.loads().filter(isFirst)).toEqual(loads);
    expect(place.missing()).toEqual(missing);
    expect(place.report()[0]).toEqual(['hello', ANY, ANY, 'python', expect.stringMatching(/^3\./)]);
    // The app can see nothing of it: the same words, the same traces.
    expect(await place.run(['python3', ...argv], { hooked: false })).toEqual(outcome);
    // Compiled by now: the sources are told nevertheless.
    await place.run(['python3', ...argv]);
    expect(place.loads().filter(isFirst)).toEqual(loads);
  });

  it('tells a module that a later request loads', async () => {
    const place = createPlace({
      'app.py': `import http.server
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        import late
        self.send_response(204); self.end_headers()
    def log_message(self, *rest): pass
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
`,
      'late.py': '',
    });
    const child = place.start(['python3', 'app.py']);
    try {
      const [port] = await once(child.stdout as NodeJS.ReadableStream, 'data');
      expect(place.loads()).toEqual(['app.py < -']);
      const before = Date.now();
      await fetch(`http://127.0.0.1:${String(port).trim()}/`);
      expect(place.loads()).toEqual(['app.py < -', 'late.py < app.py']);
      expect(place.report().at(-1)?.[1]).toBeGreaterThanOrEqual(before - 1);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });

  it('leaves libraries out, and follows those that are the person’s own', async () => {
    const place = createPlace({
      'app.py': 'import library, linked.part\n',
      'lib/site-packages/library.py': '',
      'own/linked/__init__.py': '',
      'own/linked/part.py': '',
      '.generated/made.py': '',
    });
    fs.symlinkSync(path.join(place.root, 'own/linked'), path.join(place.root, 'lib/site-packages/linked'));
    fs.appendFileSync(path.join(place.root, 'app.py'), 'import made\n');
    const PYTHONPATH = ['lib/site-packages', '.generated'].map((it) => path.join(place.root, it)).join(':');
    expect(await place.run(['python3', 'app.py'], { env: { PYTHONPATH } })).toMatchObject({ code: 0 });
    expect(place.loads()).toEqual([
      'app.py < -',
      'own/linked/__init__.py < app.py',
      'own/linked/part.py < app.py',
    ]);
  });

  it('runs the sitecustomize that was there before, in its place', async () => {
    const script =
      'import sys, os, sitecustomize\nprint(sitecustomize.__file__, sorted(sys.modules), sys.path)\n';
    const place = createPlace({ 'app.py': script, 'site/sitecustomize.py': 'print("theirs", __name__)\n' });
    const env = { PYTHONPATH: path.join(place.root, 'site') };
    const plain = await place.run(['python3', 'app.py'], { env, hooked: false });
    expect(plain.stdout).toContain('theirs sitecustomize');
    expect(await place.run(['python3', 'app.py'], { env })).toEqual(plain);
    expect(place.loads()).toContainEqual(expect.stringMatching('site/sitecustomize.py < '));
    place.write({ 'site/sitecustomize.py': '1/0\n' });
    const failing = await place.run(['python3', 'app.py'], { env, hooked: false });
    expect(await place.run(['python3', 'app.py'], { env })).toEqual(failing);
  });

  it.each([['-I'], ['-E'], ['-S']])('is not there, and harms nothing, behind %s', async (option) => {
    const place = createPlace({ 'app.py': 'print(1)\n' });
    expect(await place.run(['python3', option, 'app.py'])).toEqual({ code: 0, stdout: '1\n', stderr: '' });
    expect(place.report()).toEqual([]);
  });

  it('harms nothing where there is no report', async () => {
    const place = createPlace({ 'app.py': 'import other\nprint(1)\n', 'other.py': '' });
    for (const UPKEEP_REPORT of ['', '/nonexistent/loaded', '/']) {
      const argv = ['env', `UPKEEP_REPORT=${UPKEEP_REPORT}`, 'python3', 'app.py'];
      expect(await place.run(argv)).toEqual({ code: 0, stdout: '1\n', stderr: '' });
    }
  });

  it('never writes into a descriptor that the app has taken over', async () => {
    const place = createPlace({
      'app.py': `import os, time
os.closerange(3, 2048)
other = os.open("other", os.O_CREAT | os.O_WRONLY)
for number in range(other + 1, 1000): os.dup2(other, number)
time.sleep(0.05)
import late
`,
      'late.py': '',
    });
    expect(await place.run(['python3', 'app.py'])).toMatchObject({ code: 0, stderr: '' });
    expect(fs.readFileSync(path.join(place.root, 'other'), 'utf8')).toBe('');
  });

  it.each([
    [['manage.py', 'runserver']],
    [['-m', 'flask', '--debug', 'run']],
    [['-m', 'uvicorn', 'app:app', '--reload']],
  ])('is quiet in a server that reloads itself: %j', async (argv) => {
    const silent = 'import os, helper\nassert "UPKEEP_REPORT" not in os.environ\n';
    const place = createPlace({
      'manage.py': silent,
      'flask.py': silent,
      'uvicorn.py': silent,
      'helper.py': '',
    });
    expect(await place.run(['python3', ...argv])).toMatchObject({ code: 0, stderr: '' });
    expect(place.report()).toEqual([['quiet', ANY, ANY, 'reloads itself']]);
  });

  it('names the files that would mend a missing module', async () => {
    const place = createPlace({ 'app.py': 'import gone\n' });
    await place.run(['python3', 'app.py']);
    const [line] = place.report().filter(([kind]) => kind === 'missing');
    const files = candidatePaths(String(line?.[2]), path.join(place.root, 'app.py'), place.root);
    const mending = ['gone.py', 'gone/__init__.py'].map((file) => path.join(place.root, file));
    expect(files).toEqual(expect.arrayContaining(mending));
  });
});

/** Children that are spawned load the script again. */
function isFirst(line: string, at: number, all: string[]): boolean {
  return all.indexOf(line) === at;
}
