/** Programs that are not Node's are handed a socket that listens already: nobody is refused while they restart. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { expect, it, onTestFinished } from 'vitest';
import { type Rig, type RigService, testRig } from '../rig/rig.ts';
import { loadOn, Web } from './seamless-rig.ts';
import { entriesOf, livingDaemon, untilState } from './support.ts';

const PYTHON = '/usr/bin/python3';

interface Program {
  readonly name: string;
  /** Must be there. */
  readonly needs: string;
  readonly command: string;
  /** `app.py` with this answer. */
  readonly app: (answer: string) => string;
}

const PROGRAMS: Program[] = [
  {
    name: 'uvicorn',
    needs: '/usr/bin/uvicorn',
    command: 'uvicorn app:app --fd 3',
    app: (answer) => `async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"${answer}"})
`,
  },
  {
    name: 'gunicorn',
    needs: '/usr/bin/gunicorn',
    command: 'gunicorn app:app',
    app: (answer) => `def app(environ, start_response):
    start_response("200 OK", [("Content-Length", "${answer.length}")])
    return [b"${answer}"]
`,
  },
  {
    name: 'a plain blocking accept',
    needs: PYTHON,
    command: `${PYTHON} app.py`,
    app: (answer) => `import socket
listener = socket.fromfd(3, socket.AF_INET, socket.SOCK_STREAM)
while True:
    client, _ = listener.accept()
    client.recv(65536)
    client.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: ${answer.length}\\r\\nConnection: close\\r\\n\\r\\n${answer}")
    client.close()
`,
  },
];

/** Held, and asked all the time. Debian's programs come before those that somebody has installed beside them. */
async function served(rig: Rig, service: RigService): Promise<Web> {
  const port = service.port ?? 0;
  rig.configure({ web: { ...service, env: { PATH: `/usr/bin:${rig.env['PATH']}`, ...service.env } } });
  await rig.ok('start');
  await untilState(rig, 'web', 'ready');
  expect(await rig.service('web')).toMatchObject({ mode: 'handoff', unheld: null });
  return new Web(rig, port, loadOn(port));
}

/** What a program was answering when it ended may be lost: that is its own doing. */
async function expectNoneRefused({ load }: Web): Promise<void> {
  await load.stop();
  expect(load.failures.filter(({ what }) => what === 'ECONNREFUSED')).toEqual([]);
  expect(load.asked).toBeGreaterThan(20);
}

for (const { name, needs, command, app } of PROGRAMS) {
  const missing = existsSync(needs) ? '' : ` (skipped: no ${needs})`;
  it.skipIf(missing !== '')(`${name}: an edit and a restart refuse nobody${missing}`, async () => {
    const rig = await testRig();
    const port = await rig.port();
    rig.write('app.py', app('answer-1'));
    const watch = { quiet: 50 };
    const web = await served(rig, { command, port, mode: 'handoff', ready: { http: '/' }, watch });
    await web.answers('answer-1');
    rig.write('app.py', app('answer-2'));
    await web.answers('answer-2');
    await web.settled();
    await rig.ok('restart', 'web');
    await web.answers('answer-2');
    await expectNoneRefused(web);
    expect(await rig.service('web')).toMatchObject({ restarts: 2, mode: 'handoff' });
  });
}

const GO = `package main

import (
	"net"
	"os"
)

func main() {
	answer, _ := os.ReadFile("answer")
	listener, err := net.FileListener(os.NewFile(3, "web"))
	if err != nil {
		panic(err)
	}
	for {
		client, err := listener.Accept()
		if err != nil {
			panic(err)
		}
		client.Read(make([]byte, 65536))
		client.Write([]byte("HTTP/1.1 200 OK\\r\\nConnection: close\\r\\n\\r\\n" + string(answer)))
		client.Close()
	}
}
`;

const hasGo = spawnSync('go', ['version']).status === 0;

it.skipIf(!hasGo)(
  `Go's net.FileListener${hasGo ? '' : ' (skipped: no go)'}`,
  { timeout: 180_000 },
  async () => {
    const rig = await testRig();
    rig.write('main.go', GO);
    rig.write('go.mod', 'module web\n\ngo 1.19\n');
    rig.write('answer', 'answer-1');
    // With the cache of whoever runs the tests: the standard library takes a while.
    const env = { ...process.env, CGO_ENABLED: '0' };
    const build = spawnSync('go', ['build', '-o', 'web', '.'], { cwd: rig.workspace, env, encoding: 'utf8' });
    expect(build.stderr).toBe('');
    const web = await served(rig, {
      command: './web',
      port: await rig.port(),
      mode: 'handoff',
      ready: { http: '/' },
    });
    await web.answers('answer-1');
    rig.write('answer', 'answer-2');
    await rig.ok('restart', 'web');
    await web.answers('answer-2');
    await expectNoneRefused(web);
  },
);

/** An address of this machine that others can reach; null: it has none. */
const OUTSIDE = Object.values(networkInterfaces())
  .flat()
  .find((each) => each?.family === 'IPv4' && !each.internal)?.address;

function answers(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    onTestFinished(() => void socket.destroy());
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  });
}

it.skipIf(!existsSync(PYTHON))('it listens on 127.0.0.1, and where its HOST says', async () => {
  const rig = await testRig();
  const port = await rig.port();
  const [, , { app, command }] = PROGRAMS as [Program, Program, Program];
  rig.write('app.py', app('answer-1'));
  const service = { command, port, mode: 'handoff', ready: { http: '/' } } as const;
  const web = await served(rig, service);
  await web.load.stop();
  expect(await answers(port, '127.0.0.1')).toBe(true);
  if (OUTSIDE !== undefined) expect(await answers(port, OUTSIDE)).toBe(false);
  rig.configure({ web: { ...service, env: { HOST: '0.0.0.0' } } });
  await rig.ok('restart', 'web');
  await untilState(rig, 'web', 'ready');
  expect(await answers(port, '127.0.0.1')).toBe(true);
  if (OUTSIDE !== undefined) expect(await answers(port, OUTSIDE)).toBe(true);
});

it.skipIf(!existsSync(PYTHON))(
  'a program that binds its port itself is plain, says why, and is not ready before',
  async () => {
    const rig = await testRig();
    const port = await rig.port();
    rig.write(
      'app.py',
      `import http.server\nhttp.server.HTTPServer(("127.0.0.1", ${port}), http.server.SimpleHTTPRequestHandler).serve_forever()\n`,
    );
    rig.configure({ web: { command: `${PYTHON} app.py`, port, mode: 'handoff' } });
    const { stdout } = await rig.ok('start');
    expect(stdout).toMatch(/web: backoff, exit 1, .* now in mode plain: .*"mode: plain"/);
    const web = await rig.service('web');
    expect(web).toMatchObject({ state: 'ready', run: 2, mode: 'plain', configChanged: false });
    expect(entriesOf(rig, 'run-ready', 'web')).toMatchObject([{ run: 2 }]);
    expect((await rig.ok('status')).stdout).toContain('web: mode plain: it listens on its port by itself');
    expect((await rig.ok('why', 'web')).stdout).toContain('Mode plain: it listens on its port by itself');
    // The same configuration again does not restart it; a daemon that comes after does not forget.
    process.kill(livingDaemon(rig).pid, 'SIGKILL');
    await rig.ok('start');
    expect(await rig.service('web')).toMatchObject({
      state: 'ready',
      run: 2,
      mode: 'plain',
      configChanged: false,
    });
  },
);
