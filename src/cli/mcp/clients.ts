/** Where the usual clients look for servers, and how an entry is written there. Pure. */
import { join } from 'node:path';

/** How the client is to start the server. */
export interface Start {
  command: string;
  args: string[];
}

export interface ClientFile {
  name: string;
  title: string;
  /** Absolute. */
  file: string;
  format: 'json' | 'toml';
  /** Where the entry stands. */
  path: string[];
  entry: Record<string, unknown>;
}

export interface Places {
  /** Of the workspace. */
  root: string;
  home: string;
  /** Where the client starts its servers in the project: no path of this machine in it. */
  inProject: Start;
  /** From anywhere. */
  fromAnywhere: Start;
}

const NAME = 'upkeep';

export function knownClients({ root, home, inProject, fromAnywhere }: Places): ClientFile[] {
  return [
    json('claude-code', 'Claude Code', join(root, '.mcp.json'), 'mcpServers', {
      type: 'stdio',
      ...inProject,
    }),
    json('cursor', 'Cursor', join(root, '.cursor/mcp.json'), 'mcpServers', { ...inProject }),
    json('vscode', 'VS Code', join(root, '.vscode/mcp.json'), 'servers', { type: 'stdio', ...inProject }),
    json('zed', 'Zed', join(root, '.zed/settings.json'), 'context_servers', {
      source: 'custom',
      ...inProject,
      env: {},
    }),
    {
      name: 'codex',
      title: 'Codex',
      file: join(root, '.codex/config.toml'),
      format: 'toml',
      path: ['mcp_servers', NAME],
      entry: { ...inProject },
    },
    json('windsurf', 'Windsurf', join(home, '.codeium/windsurf/mcp_config.json'), 'mcpServers', {
      ...fromAnywhere,
    }),
  ];
}

function json(
  name: string,
  title: string,
  file: string,
  key: string,
  entry: Record<string, unknown>,
): ClientFile {
  return { name, title, file, format: 'json', path: [key, NAME], entry };
}
