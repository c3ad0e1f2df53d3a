// The example's servers as they are, without Upkeep: each starts by bare node, answers, and ends on SIGTERM.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { get } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';

const workspace = join(__dirname, '../../examples/tooloo');

/** `page` is what `/` shows, `api` a route and what it answers, `graceful` whether it handles SIGTERM itself. */
const servers = [
  { name: 'web-server', page: 'TooLoo.ai', api: ['/api/state', '"ok":'], graceful: true },
  {
    name: 'training-server',
    page: '/api/courses',
    api: ['/api/courses/agents/scores', '"mean":58.8'],
    graceful: true,
  },
  { name: 'meta-server', page: 'Tin Owl', api: ['/api/flags', '"live-cup":true'], graceful: false },
  { name: 'budget-server', page: '€265.60', api: ['/api/ledger', '"cents":26560'], graceful: true },
  { name: 'coach-server', page: '/api/hints', api: ['/api/hints/agents', 'smallest step'], graceful: false },
  { name: 'cup-server', page: 'The cup of answers', api: ['/api/cup', '"round":0'], graceful: true },
  { name: 'product-server', page: 'Catalogue', api: ['/api/products/agents', '€99.00'], graceful: false },
  {
    name: 'segmentation-server',
    page: '/api/segments',
    api: ['/api/segments', '"champions"'],
    graceful: false,
  },
  {
    name: 'reports-server',
    page: '/api/summary',
    api: ['/api/summary.csv', 'course,results'],
    graceful: true,
  },
  {
    name: 'capabilities-server',
    page: '/api/capabilities',
    api: ['/api/capabilities/hint', 'coach-server'],
    graceful: false,
  },
  { name: 'orchestrator', page: '"missing":', api: ['/api/briefing', '"briefing":'], graceful: true },
] as const;

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

describe('examples/tooloo', () => {
  it('has the eleven servers of the specification', () => {
    const files = readdirSync(join(workspace, 'servers'));
    expect(files.sort()).toEqual(servers.map(({ name }) => `${name}.js`).sort());
  });

  it.each(servers)(
    '$name starts, answers, logs and ends',
    async ({ name, page, api: [path, answer], graceful }) => {
      const { child, url, output } = await start(name);

      expect(await (await fetch(`${url}/health`)).json()).toMatchObject({
        status: 'ok',
        service: name,
        pid: child.pid,
      });
      expect(await (await fetch(`${url}/`)).text()).toContain(page);
      expect(await (await fetch(url + path)).text()).toContain(answer);
      expect((await fetch(`${url}/nothing-here`)).status).toBe(404);

      // A request is logged after its answer is sent, so the last line may still be on its way.
      const asked = ['/health', '/', path, '/nothing-here'].sort();
      await vi.waitFor(() => expect(requestsIn(output()).sort()).toEqual(asked), { timeout: 10_000 });

      child.kill('SIGTERM');
      const [code, signal] = await once(child, 'close');
      expect({ code, signal }).toEqual(
        graceful ? { code: 0, signal: null } : { code: null, signal: 'SIGTERM' },
      );
    },
  );

  it('cup-server speaks websocket', async () => {
    const { url } = await start('cup-server');
    const key = Buffer.alloc(16).toString('base64');
    const headers = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': key,
    };
    const [response, socket] = await once(get(url, { headers }), 'upgrade');
    socket.destroy();
    expect(response.statusCode).toBe(101);
  });

  it('orchestrator works alone and names the servers that are missing', async () => {
    const alone = '--import=data:text/javascript,globalThis.fetch=()=>Promise.reject()';
    const { url } = await start('orchestrator', { NODE_OPTIONS: alone });
    const others = servers.map(({ name }) => name).filter((name) => name !== 'orchestrator');
    expect(await (await fetch(url)).json()).toMatchObject({ well: 0, of: 10, missing: others });
    expect(await (await fetch(`${url}/api/briefing`)).json()).toMatchObject({ briefing: {} });
  });
});

interface Started {
  child: ChildProcess;
  url: string;
  /** Everything printed so far, stdout and stderr. */
  output: () => string;
}

/** Spawns a server on a free port and waits until it says that it listens. */
async function start(name: string, env: NodeJS.ProcessEnv = {}): Promise<Started> {
  const port = await freePort();
  const child = spawn(process.execPath, [join('servers', `${name}.js`)], {
    cwd: workspace,
    env: { ...process.env, ...env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let text = '';
  const listens = new Promise<boolean>((resolve) => {
    const add = (chunk: Buffer) => {
      text += chunk;
      if (/listen(s|ing).*:\d+/.test(text)) resolve(true);
    };
    child.stdout.on('data', add);
    child.stderr.on('data', add);
    child.once('close', () => resolve(false));
  });
  if (await listens) return { child, url: `http://127.0.0.1:${port}`, output: () => text };
  // Somebody else may have taken the port since we found it free.
  if (text.includes('EADDRINUSE')) return start(name, env);
  throw new Error(`${name} ended before it listened:\n${text}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** The paths in the request lines of a log, as text or as Fastify's JSON. */
function requestsIn(log: string): string[] {
  return [...log.matchAll(/GET (\S+) \d{3} [\d.]+ m?s|"path":"([^"]+)","status":\d+,"ms":[\d.]+/g)].map(
    (match) => match[1] ?? match[2] ?? '',
  );
}
