/** Getting in where one does not belong: the gateway, tried from every side. */
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bounded } from '../rig/eventually.ts';
import { isAlive } from '../rig/processes.ts';
import { createRig, type Rig, testRig } from '../rig/rig.ts';
import { ask, type Opened, openGateway } from './gateway-rig.ts';

let rig: Rig;
let gate: Opened;
let bearer: { authorization: string };

beforeAll(async () => {
  rig = await createRig();
  rig.configure({ web: {} });
  await rig.ok('start');
  gate = await openGateway(rig);
  bearer = { authorization: `Bearer ${gate.token}` };
});
afterAll(() => rig.dispose());

const pathOf = (url: string) => url.slice(gate.address.length);

/** What a browser has after a link was used. */
async function signIn(): Promise<{ cookie: string; 'x-upkeep-key': string }> {
  const { url } = await openGateway(rig);
  const { status, headers } = await ask(gate.address, pathOf(url));
  expect(status).toBe(303);
  const [cookie = ''] = headers['set-cookie'] ?? [];
  expect(cookie).toMatch(/^upkeep-[0-9a-f]{16}=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/);
  return {
    cookie: cookie.split(';')[0] ?? '',
    'x-upkeep-key': /#key=(.+)$/.exec(headers.location ?? '')?.[1] ?? '',
  };
}

const restart = (headers: Record<string, string>) =>
  ask(
    gate.address,
    '/api/restart',
    { 'content-type': 'application/json', ...headers },
    { method: 'POST', body: '{"names":[]}' },
  );

it('listens on 127.0.0.1 alone, and its secrets are for this user alone', () => {
  for (const file of ['gateway.token', 'gateway.json', 'gateway.log'])
    expect(statSync(rig.path('.upkeep', file)).mode & 0o777).toBe(0o600);
  // Root's services may be other users, and have to find their hook there.
  expect(statSync(rig.path('.upkeep')).mode & 0o777).toBe(process.getuid?.() === 0 ? 0o711 : 0o700);
  const port = Number(new URL(gate.address).port).toString(16).toUpperCase().padStart(4, '0');
  const listening = ['/proc/net/tcp', '/proc/net/tcp6']
    .flatMap((table) => readFileSync(table, 'utf8').split('\n'))
    .filter((line) => line.includes(`:${port} `) && / 0A /.test(line));
  expect(listening.map((line) => line.trim().split(/\s+/)[1])).toEqual([`0100007F:${port}`]);
});

describe('the token', () => {
  it('opens', async () => {
    expect((await ask(gate.address, '/api/status', bearer)).status).toBe(200);
  });

  it.each([
    ['none', {}],
    ['a wrong one', { authorization: 'Bearer nonsense' }],
    ['an empty one', { authorization: 'Bearer ' }],
    ['by another scheme', { authorization: 'Basic dXBrZWVwOnVwa2VlcA==' }],
  ])('%s: does not', async (_, headers) => {
    const { status, body } = await ask(gate.address, '/api/status', headers);
    expect(status).toBe(401);
    expect(body).toContain('upkeep open');
    expect(body).not.toContain(rig.workspace);
  });
});

describe('a one-time link', () => {
  it('signs a browser in', async () => {
    const browser = await signIn();
    expect((await ask(gate.address, '/api/status', browser)).status).toBe(200);
    expect((await restart({ ...browser, origin: gate.address })).status).toBe(200);
  });

  it('works once', async () => {
    const { url } = await openGateway(rig);
    expect((await ask(gate.address, pathOf(url))).status).toBe(303);
    const again = await ask(gate.address, pathOf(url));
    expect([again.status, again.headers['set-cookie']]).toEqual([403, undefined]);
  });

  it('is not used up by a browser that looks ahead', async () => {
    const { url } = await openGateway(rig);
    expect((await ask(gate.address, pathOf(url), { 'sec-purpose': 'prefetch' })).status).toBe(403);
    expect((await ask(gate.address, pathOf(url))).status).toBe(303);
  });

  it('is refused when it is too old', async () => {
    const { url } = await openGateway(rig);
    const links = rig.path('.upkeep', 'links');
    for (const name of readdirSync(links)) writeFileSync(`${links}/${name}`, String(Date.now() - 1));
    expect((await ask(gate.address, pathOf(url))).status).toBe(403);
  });

  it.each(['', 'guess', '../gateway.token', '..%2Fgateway.token'])('code "%s" is none', async (code) => {
    expect((await ask(gate.address, `/open?code=${code}`)).status).toBe(403);
    expect(statSync(rig.path('.upkeep', 'gateway.token')).isFile()).toBe(true);
  });
});

describe('what a browser holds', () => {
  it('counts only as a whole: a server on another port is sent the cookie, but has no key', async () => {
    const { cookie, 'x-upkeep-key': key } = await signIn();
    for (const part of [
      { cookie },
      { 'x-upkeep-key': key },
      { cookie, 'x-upkeep-key': cookie.split('=')[1] ?? '' },
    ])
      expect((await ask(gate.address, '/api/status', part)).status).toBe(401);
    expect((await ask(gate.address, `/api/status?key=${key}`, { cookie })).status).toBe(200);
  });

  it('is not mistaken for what another server has set under the same name', async () => {
    const { cookie, 'x-upkeep-key': key } = await signIn();
    const name = cookie.split('=')[0] ?? '';
    for (const mixed of [`${name}=evil; ${cookie}`, `${cookie}; ${name}=evil`, `${name}=evil`])
      expect((await ask(gate.address, '/api/status', { cookie: mixed, 'x-upkeep-key': key })).status).toBe(
        401,
      );
    const other = { cookie: `${cookie}; upkeep-0123456789abcdef=other; session=x`, 'x-upkeep-key': key };
    expect((await ask(gate.address, '/api/status', other)).status).toBe(200);
  });
});

describe('other pages', () => {
  it.each(['evil.example', 'localhost.evil.example:80', 'localhost', '127.0.0.1', '[::1]:80', '127.0.0.1:1'])(
    'that reach it as %s (DNS rebinding) get nothing',
    async (host) => {
      for (const path of ['/api/status', '/', '/open?code=x'])
        expect((await ask(gate.address, path, { ...bearer, host })).status).toBe(403);
    },
  );

  it.each([
    'http://evil.example',
    'http://127.0.0.1:3000',
    'http://localhost:3000',
    'null',
    'https://127.0.0.1',
  ])('of the origin %s get nothing, signed in or not', async (origin) => {
    const browser = await signIn();
    for (const headers of [{ origin }, { ...browser, origin }, { ...bearer, origin }]) {
      const answer = await ask(gate.address, '/api/status', headers);
      expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([403, undefined]);
      expect((await restart(headers)).status).toBe(403);
    }
    const preflight = await ask(gate.address, '/api/restart', { origin }, { method: 'OPTIONS' });
    expect([preflight.status, preflight.headers['access-control-allow-origin']]).toEqual([403, undefined]);
  });

  it.each(['cross-site', 'same-site'])('that are %s get nothing', async (site) => {
    const browser = await signIn();
    expect((await ask(gate.address, '/api/events', { ...browser, 'sec-fetch-site': site })).status).toBe(403);
    expect((await ask(gate.address, '/api/logs', { ...browser, 'sec-fetch-site': site })).status).toBe(403);
    expect((await restart({ ...browser, 'sec-fetch-site': site })).status).toBe(403);
  });

  it('cannot have a form do it', async () => {
    const browser = await signIn();
    const form = { ...browser, origin: gate.address, 'content-type': 'text/plain' };
    expect(
      (await ask(gate.address, '/api/stop', form, { method: 'POST', body: '{"names":[]}' })).status,
    ).toBe(400);
    const { origin: _, ...without } = { ...form, 'content-type': 'application/json' };
    expect((await ask(gate.address, '/api/stop', without, { method: 'POST', body: '{}' })).status).toBe(403);
    expect((await ask(gate.address, '/api/stop', browser)).status).toBe(405);
  });

  it('may not frame it or be asked for scripts by it', async () => {
    for (const path of ['/', '/api/status', '/nothing.js', '/openapi.json']) {
      const { headers } = await ask(gate.address, path, bearer);
      expect(headers['content-security-policy']).toMatch(
        /^default-src 'none'; script-src 'self'( 'sha256-[\w+/=]{44}')?; style-src 'self'( 'sha256-[\w+/=]{44}')?;/,
      );
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers['content-security-policy']).not.toContain('unsafe');
      expect(headers['cross-origin-resource-policy']).toBe('same-origin');
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
  });

  it('cannot upgrade to a websocket', async () => {
    const { hostname, port } = new URL(gate.address);
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.write(
      `GET /api/events HTTP/1.1\r\nHost: ${hostname}:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nOrigin: http://evil.example\r\n\r\n',
    );
    socket.end();
    await bounded(closed, 'it hangs up');
    expect(text).not.toContain('101 Switching');
    expect(text).toMatch(/^(HTTP\/1\.1 403|$)/);
  });
});

describe('what it is sent', () => {
  it('may not be large', async () => {
    const body = JSON.stringify({ names: ['x'.repeat(80_000)] });
    const headers = { ...bearer, 'content-type': 'application/json' };
    const whole = await ask(
      gate.address,
      '/api/start',
      { ...headers, 'content-length': String(body.length) },
      { method: 'POST', body },
    );
    expect(whole.status).toBe(413);
    const chunked = await ask(
      gate.address,
      '/api/start',
      { ...headers, 'transfer-encoding': 'chunked' },
      { method: 'POST', body },
    );
    expect(chunked.status).toBe(413);
  });

  it.each([
    ['/api/logs?limit=0', 'limit'],
    ['/api/logs?limit=many', 'limit'],
    ['/api/logs?cursor=x', 'There is no \\"cursor\\" here'],
    ['/api/logs?before=nonsense', 'cursor'],
    ['/api/logs?grep=%28', 'regular expression'],
    ['/api/logs?since=later', 'no time'],
    ['/api/logs?services=wbe', 'Did you mean'],
    ['/api/events?kinds=everything', 'kinds'],
    ['/api/events?cursor=nonsense', 'cursor'],
    ['/api/concerns', 'file'],
    ['/api/services/wbe/runs', 'Did you mean'],
    ['/api/services/web/runs?tz=Europe%2FAtlantis', 'no time zone'],
    ['/api/services/web/usage?since=later', 'no time'],
    ['/api/services/..%2F..%2Fetc/loads', 'No service'],
  ])('%s: says what is wrong', async (path, words) => {
    const { status, body } = await ask(gate.address, path, bearer);
    expect(status).toBe(400);
    expect(body).toContain(words);
    expect(body).not.toContain('    at ');
  });

  it.each(['{', '[]', '5', '{"names":"web"}', '{"nmaes":[]}', '{"names":["wbe"]}'])(
    '%s is no command',
    async (body) => {
      const headers = { ...bearer, 'content-type': 'application/json' };
      expect((await ask(gate.address, '/api/start', headers, { method: 'POST', body })).status).toBe(400);
    },
  );
});

it.each(['', '{}', '{"wait":false}'])('stops and restarts nothing for %j', async (body) => {
  const headers = { ...bearer, 'content-type': 'application/json' };
  for (const path of ['/api/stop', '/api/restart']) {
    const answer = await ask(gate.address, path, headers, { method: 'POST', body });
    expect([answer.status, answer.body]).toEqual([
      400,
      expect.stringContaining('names: has to be given; [] means all'),
    ]);
  }
  expect((await rig.status()).daemon).not.toBeNull();
});

it.each([
  ['GET', '/api/stop', 'POST'],
  ['DELETE', '/api/stop', 'POST'],
  ['POST', '/api/status', 'GET, HEAD'],
  ['DELETE', '/api/events', 'GET, HEAD'],
  ['PUT', '/api/services/web/runs', 'GET, HEAD'],
])('%s %s: is told by which method', async (method, path, allow) => {
  const { status, headers, body } = await ask(gate.address, path, bearer, { method });
  expect([status, headers['allow'], JSON.parse(body).error.hint]).toEqual([405, allow, null]);
});

it.each([
  '/../../package.json',
  '/assets/../../daemon.cjs',
  '/%2e%2e/%2e%2e/package.json',
  '/..%2f..%2fpackage.json',
  '/.upkeep/gateway.token',
  '/assets/%00.js',
])('gives no file away for %s', async (path) => {
  const { status, body } = await ask(gate.address, path);
  expect([400, 403, 404]).toContain(status);
  expect(body).not.toContain('"name"');
});

it('a search that would take for ever is given up, and others are answered meanwhile', async () => {
  const talk = await testRig();
  talk.write('talk.cjs', "console.log('a'.repeat(60) + '!'); setInterval(() => {}, 1e6);\n");
  talk.configure({ talk: { command: 'node talk.cjs', ready: { log: 'aaa' } } });
  await talk.ok('start');
  const { address, token } = await openGateway(talk);
  const look = (path: string) => ask(address, path, { authorization: `Bearer ${token}` });
  const grep = (source: string) => look(`/api/logs?grep=${encodeURIComponent(source)}`);
  let isOver = false;
  const costly = grep('^(a+)+$').finally(() => {
    isOver = true;
  });
  expect((await look('/api/status')).status).toBe(200);
  expect((await grep('^a+!$')).body).toContain('aaaa!');
  expect(isOver).toBe(false);
  const { status, body } = await costly;
  expect([status, body]).toEqual([400, expect.stringContaining('costs too much')]);
  expect((await grep('(')).status).toBe(400);
});

it('answers the page itself for places inside the dashboard, and no file of the machine', async () => {
  const { status, body } = await ask(gate.address, '//etc/passwd');
  expect([status, body.includes('<!doctype html>')]).toEqual([200, true]);
});

it('keeps its port and its readers signed in when it is killed and opened again', async () => {
  const browser = await signIn();
  const { process: before } = JSON.parse(rig.read('.upkeep', 'gateway.json'));
  process.kill(before.pid, 'SIGKILL');
  await rig.eventually(() => !isAlive(before.pid), 'it is dead');
  expect((await openGateway(rig)).address).toBe(gate.address);
  expect((await ask(gate.address, '/api/status', browser)).status).toBe(200);
});

it('makes a new token when others could have read it', async () => {
  const other = await testRig();
  other.configure({ web: {} });
  await other.ok('open', '--json');
  await other.ok('open', '--end');
  const file = other.path('.upkeep', 'gateway.token');
  const known = readFileSync(file, 'utf8');
  rmSync(file);
  writeFileSync(file, known, { mode: 0o644 });
  const { token, address } = await openGateway(other);
  expect(token).not.toBe(known.trim());
  expect((await ask(address, '/api/status', { authorization: `Bearer ${known.trim()}` })).status).toBe(401);
});

it('ends with "upkeep stop", and by "upkeep open --end"', async () => {
  const other = await testRig();
  other.configure({ web: {} });
  const pid = async () => {
    await other.ok('open', '--json');
    return JSON.parse(other.read('.upkeep', 'gateway.json')).process.pid as number;
  };
  const first = await pid();
  await other.ok('stop');
  await other.eventually(() => !isAlive(first), 'it has ended with stop');
  const second = await pid();
  expect((await other.ok('open', '--end')).stdout).toContain('has ended');
  expect(isAlive(second)).toBe(false);
  expect((await other.ok('open', '--end')).stdout).toContain('Nothing served');
});
