/** The contract over HTTP: who comes in is judged (guard.ts), then each operation of the table is carried out. */
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Connection } from '../api/index.ts';
import { type Operation, ROUTES } from '../contract/api/routes.ts';
import { ExitCode, UserError } from '../contract/exit-codes.ts';
import { cookieName, judge, type Secrets } from './guard.ts';
import { SAFE_HEADERS } from './headers.ts';
import { checked, queryInput } from './input.ts';
import { operations } from './operations.ts';
import { eventSource } from './sse.ts';
import type { StaticFile } from './statics.ts';

const MAX_BODY = 64 * 1024;
const COOKIE_DAYS = 90;
const MOST_STREAMS = 64;
const STREAM_HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
};

export interface AppWorld {
  workspaceId: string;
  /** `127.0.0.1:PORT`. */
  address: string;
  secrets: Secrets;
  /** `by`: who asks, as causes tell it. */
  connection(by: 'api' | 'dashboard'): Connection;
  /** True once for a good code. */
  useLink(code: string): boolean;
  statics(path: string): StaticFile | null;
  openApi: string;
  /** Somebody came or went: so many requests and streams are open. */
  onVisit(open: number): void;
}

export function createApp(world: AppWorld): Hono {
  const { address, secrets } = world;
  const name = cookieName(world.workspaceId);
  const app = new Hono();
  let streams = 0;
  /** Being answered: a wait may take hours. */
  let requests = 0;

  app.use(async (c, next) => {
    const { headers, method, url } = c.req.raw;
    const header = (which: string) => headers.get(which) ?? undefined;
    const { pathname, searchParams } = new URL(url);
    const verdict = judge(
      {
        method,
        path: pathname,
        host: header('host'),
        origin: header('origin'),
        site: header('sec-fetch-site'),
        authorization: header('authorization'),
        cookies: header('cookie'),
        key: header('x-upkeep-key') ?? searchParams.get('key') ?? undefined,
      },
      address,
      name,
      secrets,
    );
    if (verdict.ok) {
      requests += 1;
      world.onVisit(streams + requests);
      c.set('by' as never, (verdict.by === 'browser' ? 'dashboard' : 'api') as never);
      await next();
      requests -= 1;
      world.onVisit(streams + requests);
    } else c.res = refused(verdict.status, verdict.why);
    for (const [each, value] of Object.entries(SAFE_HEADERS))
      if (!c.res.headers.has(each)) c.res.headers.set(each, value);
  });
  app.use(
    bodyLimit({ maxSize: MAX_BODY, onError: () => refused(413, `A request may have ${MAX_BODY} bytes.`) }),
  );

  app.get('/open', (c) => {
    // A browser that only looks ahead must not use it up.
    if (c.req.method !== 'GET' || c.req.header('sec-purpose') !== undefined)
      return refused(403, 'Not before it is meant.');
    if (!world.useLink(c.req.query('code') ?? '')) return usedUp(world);
    c.header(
      'set-cookie',
      `${name}=${secrets.cookie}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${COOKIE_DAYS * 86_400}`,
    );
    c.header('cache-control', 'no-store');
    return c.redirect(`/#key=${secrets.key}`, 303);
  });

  app.get('/openapi.json', (c) => c.body(world.openApi, 200, { 'content-type': 'application/json' }));

  const carryOut = operations();
  for (const operation of Object.keys(ROUTES) as Operation[]) {
    if (operation === 'events') continue;
    const { method, path, input } = ROUTES[operation];
    app.on(method, path, async (c) => {
      const raw = method === 'get' ? queryInput(new URL(c.req.url).searchParams) : await jsonBody(c);
      const { signal } = c.req.raw;
      try {
        const answer = await carryOut[operation](
          world.connection(byOf(c)),
          checked(input, raw) as never,
          c.req.param('service') ?? '',
          signal,
        );
        return c.json(answer as never, 200, { 'cache-control': 'no-store' });
      } catch (error) {
        // Nobody reads it any more.
        if (signal.aborted) return c.body(null);
        throw error;
      }
    });
  }

  app.get(ROUTES.events.path, async (c) => {
    if (streams >= MOST_STREAMS)
      return refused(503, `There are already ${MOST_STREAMS} readers of the event stream.`);
    const query = checked(ROUTES.events.input, queryInput(new URL(c.req.url).searchParams));
    // What a browser remembers when it comes back is newer than what its page had asked for.
    const cursor = c.req.header('last-event-id') ?? query.cursor;
    // HEAD comes here as well, and nobody would ever read or cancel its stream.
    if (c.req.method === 'HEAD') return c.body(null, 200, STREAM_HEADERS);
    const gone = new AbortController();
    let counted = true;
    streams += 1;
    const stop = () => {
      gone.abort();
      if (counted) streams -= 1;
      counted = false;
      world.onVisit(streams + requests);
    };
    // The body of an answer to somebody who has left before it is not even cancelled.
    c.req.raw.signal.addEventListener('abort', stop);
    try {
      const batches = world
        .connection(byOf(c))
        .events({ ...query, ...(cursor !== undefined && { cursor }) } as never, gone.signal);
      return c.body(await eventSource(batches, gone.signal, stop), 200, STREAM_HEADERS);
    } catch (error) {
      stop();
      throw error;
    }
  });

  for (const { method, path } of Object.values(ROUTES))
    app.all(path, () => {
      const allowed = method === 'get' ? 'GET, HEAD' : 'POST';
      const answer = refused(
        405,
        `This is asked for by ${allowed.replace(', ', ' or ')}. See /openapi.json.`,
      );
      answer.headers.set('allow', allowed);
      return answer;
    });
  app.all('/api/*', () => refused(404, 'There is nothing of that name. See /openapi.json.'));
  app.get('*', (c) => {
    const file = world.statics(new URL(c.req.url).pathname);
    if (file === null) return refused(404, 'There is nothing of that name.');
    if (file.headers['etag'] !== undefined && c.req.header('if-none-match') === file.headers['etag'])
      return c.body(null, 304, file.headers);
    return c.body(file.body, 200, file.headers);
  });
  app.onError((error) => {
    if (error instanceof UserError)
      return refused(STATUS[error.exitCode] ?? 400, error.message, error.hint, error.exitCode);
    console.error(new Date().toISOString(), error);
    return refused(500, `This is a bug in Upkeep: ${error.message}`, null, ExitCode.internal);
  });
  return app;
}

const STATUS: Partial<Record<number, number>> = {
  [ExitCode.usage]: 400,
  [ExitCode.config]: 409,
  [ExitCode.daemon]: 503,
  [ExitCode.failed]: 409,
};

function byOf(c: Context): 'api' | 'dashboard' {
  return c.get('by' as never) === 'dashboard' ? 'dashboard' : 'api';
}

async function jsonBody(c: Context): Promise<unknown> {
  const text = await c.req.text();
  if (text === '') return {};
  // What a form can send is never taken for a command.
  if (!/^application\/json\b/.test(c.req.header('content-type') ?? ''))
    throw new UserError(ExitCode.usage, 'The body has to be application/json.');
  try {
    return JSON.parse(text);
  } catch {
    throw new UserError(ExitCode.usage, 'The body is not JSON.');
  }
}

function refused(
  status: number,
  message: string,
  hint: string | null = null,
  code: number = ExitCode.usage,
): Response {
  return new Response(JSON.stringify({ error: { message, hint, code } }), {
    status,
    headers: { ...SAFE_HEADERS, 'content-type': 'application/json', 'cache-control': 'no-store' },
  });
}

/** The page itself, which reveals nothing: it says so, or goes on where this browser is signed in already. */
function usedUp({ statics }: AppWorld): Response {
  const page = statics('/index.html');
  return new Response(page?.body ?? null, {
    status: 403,
    headers: { ...page?.headers, 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
  });
}
