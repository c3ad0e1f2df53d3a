/** The same edit at other moments: while nobody looks, during a start, before and after a request, of what was. */
import { utimesSync } from 'node:fs';
import { expect, it } from 'vitest';
import { daemonOf, guardOf, journalOf, livingDaemon, untilState } from '../e2e/support.ts';
import { isAlive } from '../rig/processes.ts';
import type { Rig } from '../rig/rig.ts';
import { ask } from './server.ts';
import { loading, restartedBy, settled, staysIn, story } from './story.ts';

it('an edit while the daemon is dead restarts exactly whom it concerns, once there is another one', async () => {
  const rig = await story((r) => {
    r.write('shell/run.sh', '. ./part.sh\nexec sleep 1000\n');
    r.write('shell/part.sh', ': one\n');
    return {
      web: { command: loading(r, 'web', "import '../lib/near.mjs';") },
      other: { command: loading(r, 'other', "import '../lib/apart.mjs';") },
      shell: { command: 'sh run.sh', cwd: 'shell' },
    };
  });
  rig.write('lib/near.mjs', 'export {};\n');
  rig.write('lib/apart.mjs', 'export {};\n');
  await rig.ok('start');
  await rig.eventually(async () => (await rig.service('web')).watching.kind === 'exact', 'it has told');
  // Compared, and found as it was: the next daemon is not to take it for an edit.
  const now = new Date();
  utimesSync(rig.path('lib/apart.mjs'), now, now);
  await settled(rig);
  const daemon = livingDaemon(rig);
  process.kill(guardOf(daemon).pid, 'SIGKILL');
  process.kill(daemon.pid, 'SIGKILL');
  await rig.eventually(() => !isAlive(daemon.pid) && daemonOf(rig) === null, 'no daemon');
  rig.write('lib/near.mjs', 'export const near = 1;\n');
  rig.write('shell/part.sh', ': two\n');
  await rig.ok('start');
  await restartedBy(rig, 'web', 'lib/near.mjs');
  // What it reads it does not tell: its folder is watched.
  await restartedBy(rig, 'shell', 'shell/part.sh');
  await staysIn(rig, 'web', 2);
  expect((await rig.service('other')).run).toBe(1);
});

it('a worker without a port that counts as ready before its program has begun is followed exactly all the same', async () => {
  const rig = await story((r) => {
    r.write('late.sh', 'while [ ! -e go ]; do sleep 0.1; done; exec node worker.mjs\n');
    r.write('worker.mjs', "import './lib/near.mjs'; setInterval(() => undefined, 1e6);\n");
    r.write('lib/near.mjs', 'export {};\n');
    r.write('lib/apart.mjs', 'export {};\n');
    return { worker: { command: 'sh late.sh && node worker.mjs' } };
  });
  await rig.ok('start');
  expect((await rig.service('worker')).watching).toEqual({ kind: 'not-yet' });
  rig.write('go', '');
  await rig.eventually(async () => (await rig.service('worker')).watching.kind === 'exact', 'it has told');
  rig.write('lib/apart.mjs', 'export const apart = 1;\n');
  rig.write('lib/near.mjs', 'export const near = 1;\n');
  await restartedBy(rig, 'worker', 'lib/near.mjs');
  await staysIn(rig, 'worker', 2);
});

it('a file that is loaded at a request, long after the start, counts from then on', async () => {
  const rig = await story(async (r) => {
    const port = await r.port();
    r.write(
      'server.mjs',
      `import { createServer } from 'node:http';
       createServer(async (request, response) => {
         if (request.url === '/later') await import('./lib/later.mjs');
         response.end(String(process.pid));
       }).listen(${port}, '127.0.0.1');\n`,
    );
    return { web: { command: ['node', 'server.mjs'], port } };
  });
  rig.write('lib/later.mjs', "import './deeper.mjs';\n");
  rig.write('lib/deeper.mjs', 'export {};\n');
  await rig.ok('start');
  const { url } = await rig.service('web');
  const port = Number(new URL(url ?? '').port);
  rig.write('lib/deeper.mjs', 'export const edited = 1;\n');
  await staysIn(rig, 'web', 1);
  await ask(port, 'later');
  rig.write('lib/deeper.mjs', 'export const edited = 2;\n');
  const { cause } = await restartedBy(rig, 'web', 'lib/deeper.mjs');
  expect(cause).toMatchObject({ via: ['server.mjs', 'lib/later.mjs', 'lib/deeper.mjs'] });
  rig.write('lib/deeper.mjs', 'export const edited = 3;\n');
  await staysIn(rig, 'web', 2);
});

it('an edit of what is loaded already, while the run is still starting, begins another one', async () => {
  const rig = await story(async (r) => {
    const port = await r.port();
    return { web: { port, command: loading(r, 'web', "import '../lib/near.mjs';") } };
  });
  rig.write('lib/near.mjs', 'export {};\n');
  await rig.ok('start', '--no-wait');
  await rig.nextInvocation('web');
  expect((await rig.service('web')).state).toBe('starting');
  rig.write('lib/near.mjs', 'export const near = 1;\n');
  await rig.nextInvocation('web');
  const { run, cause } = await rig.service('web');
  expect({ run, cause }).toMatchObject({ run: 2, cause: { kind: 'edit', files: ['lib/near.mjs'] } });
});

it('a command that builds and then runs is begun once for an edit', async () => {
  const rig = await story(async (r) => {
    const port = await r.port();
    r.write('src/answer.txt', 'one');
    // It goes on for longer than any quiet period: what it writes is looked at before the server has come to it.
    r.write(
      'build.mjs',
      `import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
       const answer = readFileSync('src/answer.txt', 'utf8');
       mkdirSync('dist', { recursive: true });
       writeFileSync('dist/server.mjs', \`import { createServer } from 'node:http';
         createServer((_, response) => response.end('\${answer}')).listen(${port}, '127.0.0.1');\`);
       setTimeout(() => undefined, 1_000);\n`,
    );
    const watch = { include: ['src/**'], quiet: 0 };
    return { web: { command: 'node build.mjs && node dist/server.mjs', port, watch } };
  });
  await rig.ok('start');
  const { url } = await rig.service('web');
  const port = Number(new URL(url ?? '').port);
  rig.write('src/answer.txt', 'two');
  await rig.eventually(async () => (await ask(port)) === 'two', 'it answers as it was saved');
  await staysIn(rig, 'web', 2);
});

it('what only the run before had loaded counts no longer', async () => {
  const rig = await story((r) => ({ web: { command: loading(r, 'web', "import '../lib/near.mjs';") } }));
  rig.write('lib/near.mjs', "import './far.mjs';\n");
  rig.write('lib/far.mjs', 'export {};\n');
  await rig.ok('start');
  rig.write('lib/near.mjs', 'export {};\n');
  await restartedBy(rig, 'web', 'lib/near.mjs');
  rig.write('lib/far.mjs', 'export const far = 1;\n');
  await staysIn(rig, 'web', 2);
});

it('two that need each other are swapped in that order, once', async () => {
  const server = (r: Rig, name: string, port: number, boot: number) => {
    r.write(
      `${name}.mjs`,
      `import '../lib/shared.mjs';
       import { createServer } from 'node:http';
       setTimeout(() => createServer((_, response) => response.end()).listen(${port}), ${boot});\n`,
    );
    return ['node', `${name}.mjs`];
  };
  const rig = await story(async (r) => {
    const [web, api] = [await r.port(), await r.port()];
    return {
      web: {
        port: web,
        dependsOn: [{ service: 'api', restart: true }],
        command: server(r, 'servers/web', web, 0),
      },
      api: { port: api, command: server(r, 'servers/api', api, 400) },
    };
  });
  rig.write('lib/shared.mjs', 'export {};\n');
  await rig.ok('start');
  const before = journalOf(rig).length;
  rig.write('lib/shared.mjs', 'export const shared = 1;\n');
  await restartedBy(rig, 'api', 'lib/shared.mjs');
  await restartedBy(rig, 'web', 'lib/shared.mjs');
  await settled(rig);
  const seen = journalOf(rig)
    .slice(before)
    .flatMap((entry) =>
      'service' in entry && (entry.kind === 'swapped' || entry.kind === 'run-started')
        ? [`${entry.service} ${entry.kind}`]
        : [],
    )
    .filter((line) => !line.startsWith('sentinel'));
  expect(seen).toEqual(['api run-started', 'api swapped', 'web run-started', 'web swapped']);
});

it('two that need each other and are stopped first restart in that order, once', async () => {
  const rig = await story(async (r) => ({
    web: {
      port: await r.port(),
      dependsOn: ['api'],
      command: loading(r, 'web', "import '../lib/shared.mjs';"),
      ready: 'started',
      mode: 'plain',
    },
    api: { command: loading(r, 'api', "import '../lib/shared.mjs';") },
  }));
  rig.write('lib/shared.mjs', 'export {};\n');
  await rig.ok('start');
  const before = journalOf(rig).length;
  rig.write('lib/shared.mjs', 'export const shared = 1;\n');
  await restartedBy(rig, 'api', 'lib/shared.mjs');
  await untilState(rig, 'web', 'ready');
  await settled(rig);
  const seen = journalOf(rig)
    .slice(before)
    .flatMap((entry) => {
      if (!('service' in entry) || entry.service === 'sentinel') return [];
      return entry.kind === 'run-started' || entry.kind === 'run-ready' || entry.kind === 'run-ended'
        ? [`${entry.service} ${entry.kind.slice('run-'.length)}`]
        : [];
    });
  // Who is looked at first ends first, when the machine is busy.
  expect(seen.filter((line) => line !== 'web ended')).toEqual([
    'api ended',
    'api started',
    'api ready',
    'web started',
    'web ready',
  ]);
  expect(seen.filter((line) => line === 'web ended')).toHaveLength(1);
});
