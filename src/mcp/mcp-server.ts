/** `upkeep mcp`: the API for agents, over standard input and output, which carry the protocol and nothing else. */
import { Writable } from 'node:stream';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { addTools } from './tools.ts';
import { workspaceFinder } from './workspace.ts';

const INSTRUCTIONS =
  'Upkeep keeps the development servers of this workspace running and restarts exactly those that an edit concerns. ' +
  'After saving files call wait_for_edit: it returns when the edit is live, or the error with file and line. ' +
  'Do not start servers by hand or restart them for an edit. When something fails: why, and logs with errors.';

/** Resolves when the client has closed its end. */
export async function serveMcp(version: string): Promise<void> {
  const server = new McpServer({ name: 'upkeep', version }, { instructions: INSTRUCTIONS });
  addTools(server, workspaceFinder(server.server));
  await server.connect(new StdioServerTransport(process.stdin, protocolOutput()));
  await new Promise<void>((resolve) => {
    process.stdin.once('end', resolve);
    process.stdin.once('close', resolve);
  });
  await server.close();
}

/** A configuration is a program that may print: that goes to standard error. */
function protocolOutput(): Writable {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = process.stderr.write.bind(process.stderr) as typeof process.stdout.write;
  return new Writable({ write: (chunk: Buffer, _, done) => void write(chunk, done) });
}
