/**
 * The gateway of a workspace: `node gateway.cjs WORKSPACE`, started by `upkeep open`. It serves the dashboard and the
 * API over HTTP on 127.0.0.1, and is nobody's child: it outlives the command that started it, and the daemon.
 * Nothing that it holds is needed by anybody: killed, it is started again and goes on at the cursors of its readers.
 */
import { closeSync, existsSync, readFileSync, realpathSync, watch, writeSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { connect } from '../api/index.ts';
import { distFile } from '../client/dist.ts';
import { createClient } from '../client/index.ts';
import { claimOwnFolder, errorMessage } from '../platform/files.ts';
import {
  derived,
  gatewayToken,
  linksGoodFor,
  readGateway,
  useLink,
  writeGateway,
} from '../platform/gateway-files.ts';
import { workspaceId, workspacePaths } from '../platform/paths.ts';
import { peerUid } from '../platform/peer.ts';
import { isAlive, systemProcesses } from '../platform/proc.ts';
import { createApp } from './app.ts';
import { bind, candidates } from './bind.ts';
import { mayConnect } from './guard.ts';
import { createLife } from './life.ts';
import { staticFiles } from './statics.ts';

/** On which whoever started it waits for word: `ready PORT`, `other`, or `failed WHY`. */
const READY_FD = 3;
/** ms in which another gateway that holds the port says who it is. */
const OTHER = 1000;

async function main(folder: string): Promise<void> {
  const root = realpathSync(folder);
  claimOwnFolder(workspacePaths(root).own);
  const id = workspaceId(root);
  let app: Hono | null = null;
  const answer = getRequestListener(
    (request, env) => app?.fetch(request, env) ?? new Response(null, { status: 503 }),
  );
  const server = await listen(root, id, (request, response) => void answer(request, response));
  if (server === null) return tell('other\n');
  const port = portOf(server);
  server.on('connection', (socket) => {
    const peer = peerUid(socket.remotePort ?? 0, port);
    if (!mayConnect(peer, process.getuid?.(), process.env['SUDO_UID'])) socket.destroy();
  });
  const life = createLife(
    () => process.exit(0),
    () => linksGoodFor(root, Date.now()),
  );
  app = gatewayApp(root, id, port, (streams) => life.visited(streams));
  process.on('SIGHUP', () => life.endIfUnused());
  // A workspace that was removed has nothing to be looked at.
  watch(root, () => existsSync(workspacePaths(root).own) || process.exit(0)).on('error', () =>
    process.exit(0),
  );
  const processes = systemProcesses();
  writeGateway(root, {
    process: { pid: process.pid, start: processes.get(process.pid)?.start ?? 0 },
    boot: processes.bootId(),
    port,
    version: __UPKEEP_VERSION__,
    startedAt: new Date().toISOString(),
  });
  tell(`ready ${port}\n`);
}

function gatewayApp(root: string, id: string, port: number, onVisit: (streams: number) => void): Hono {
  const token = gatewayToken(root);
  const connection = connect(root, 'api');
  const dashboard = { ...connection, ...createClient(root, 'dashboard') };
  return createApp({
    workspaceId: id,
    address: `127.0.0.1:${port}`,
    secrets: { token, cookie: derived(token, 'cookie'), key: derived(token, 'key') },
    connection: (by) => (by === 'dashboard' ? dashboard : connection),
    useLink: (code) => useLink(root, code, Date.now()),
    statics: staticFiles(join(distFile('dashboard'))),
    openApi: readFileSync(distFile('openapi.json'), 'utf8'),
    onVisit,
  });
}

/** Null: another gateway of this workspace is there. */
async function listen(root: string, id: string, answer: Parameters<typeof bind>[1]): Promise<Server | null> {
  const before = readGateway(root)?.port ?? null;
  for (const port of candidates(id, before)) {
    const server = await bind(port, answer);
    if (server !== null) return server;
    if (await isOurs(root, port)) return null;
  }
  throw new Error('no port from 20000 to 29999 that it tried is free');
}

/** One that has only just bound the port has still to say so. */
async function isOurs(root: string, port: number): Promise<boolean> {
  for (const until = Date.now() + OTHER; ; await new Promise((resolve) => setTimeout(resolve, 20))) {
    const other = readGateway(root);
    if (other?.port === port && isAlive(systemProcesses(), other.process)) return true;
    if (Date.now() > until) return false;
  }
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('it listens on no port');
  return address.port;
}

function tell(text: string): void {
  try {
    writeSync(READY_FD, text);
    closeSync(READY_FD);
  } catch {
    // Whoever started it is gone.
  }
}

main(process.argv[2] ?? process.cwd()).catch((error: unknown) => {
  console.error(new Date().toISOString(), error);
  tell(`failed ${errorMessage(error)}\n`);
  process.exit(1);
});
