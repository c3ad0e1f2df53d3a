/** Which workspace a client means: the folder that we were started in, or one of the roots that it tells of. */
import { fileURLToPath } from 'node:url';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
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

async function rootsOf(server: Server): Promise<string[]> {
  if (server.getClientCapabilities()?.roots === undefined) return [];
  const { roots } = await server.listRoots();
  return roots.flatMap(({ uri }) => (uri.startsWith('file://') ? [fileURLToPath(uri)] : []));
}
