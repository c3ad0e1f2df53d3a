/** Which workspace a client means: the folder that we were started in, or one of the roots that it tells of. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import * as z from 'zod';
import { type Connection, connect } from '../api/index.ts';
import { UserError } from '../contract/exit-codes.ts';

/** Looked for until it is found: a client may be started before there is a configuration. Throws UserError. */
export function workspaceFinder(server: Server): () => Promise<Connection> {
  let found: Connection | null = null;
  return async () => {
    found ??= await find(server);
    return found;
  };
}

async function find(server: Server): Promise<Connection> {
  try {
    return connect(process.cwd(), 'mcp');
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    for (const folder of await rootsOf(server)) {
      try {
        return connect(folder, 'mcp');
      } catch (other) {
        if (!(other instanceof UserError)) throw other;
      }
    }
    throw error;
  }
}

/** Not the SDK's own schema: one root that is no file would take the others with it. */
const Roots = z.object({ roots: z.array(z.object({ uri: z.string() }).catch({ uri: '' })) });

/** Paths of those that are here; none when the client tells of none, or what cannot be understood. */
async function rootsOf(server: Server): Promise<string[]> {
  if (server.getClientCapabilities()?.roots === undefined) return [];
  const answer = await server.request({ method: 'roots/list' }, Roots).catch(() => null);
  return (answer?.roots ?? []).map(({ uri }) => pathOf(uri)).filter((path) => path !== null);
}

function pathOf(uri: string): string | null {
  try {
    const path = fileURLToPath(uri);
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
}
