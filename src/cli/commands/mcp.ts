/** `upkeep mcp`: a server of the Model Context Protocol over standard input and output; `mcp install` tells clients of it. */
import { defineCommand } from 'citty';
import { ExitCode, UserError } from '../../contract/exit-codes.ts';

export default defineCommand({
  meta: {
    name: 'mcp',
    description:
      'Serve agents over standard input and output (MCP); "upkeep mcp install" tells clients of it',
  },
  args: {
    words: {
      type: 'positional',
      required: false,
      description: 'install: write the entry for the usual clients',
    },
    client: {
      type: 'string',
      valueHint: 'claude-code|cursor|vscode|zed|codex|windsurf|all',
      description: 'install: for this client (default: those that this project has files of)',
    },
    yes: { type: 'boolean', alias: 'y', description: 'install: write without asking' },
    print: { type: 'boolean', description: 'install: only show the entries' },
  },
  async run({ args }) {
    const [word, ...more] = args._;
    if (word === undefined) return (await import('../../mcp/mcp-server.ts')).serveMcp(__UPKEEP_VERSION__);
    if (word !== 'install' || more.length > 0)
      throw new UserError(
        ExitCode.usage,
        `"upkeep mcp" does not know "${[word, ...more].join(' ')}".`,
        'It is "upkeep mcp", or "upkeep mcp install".',
      );
    const { findRoot } = await import('../../client/workspace.ts');
    const { install } = await import('../mcp/install.ts');
    await install(findRoot(), { client: args.client, yes: args.yes === true, print: args.print === true });
  },
});
