/** The entry for an MCP client, put into a file that a person has written. */
import { expect, it } from 'vitest';
import { knownClients } from '../../src/cli/mcp/clients.ts';
import { merged } from '../../src/cli/mcp/merge.ts';

const start = { command: 'npx', args: ['upkeep', 'mcp'] };
const clients = knownClients({ root: '/shop', home: '/home/ada', inProject: start, fromAnywhere: start });
const client = (name: string) => {
  const found = clients.find((each) => each.name === name);
  if (found === undefined) throw new Error(name);
  return found;
};

it.each(clients.map((each) => [each.name, each] as const))('%s: written once, and then found', (_, each) => {
  const text = merged(each, null);
  expect(text).toContain('upkeep');
  expect(merged(each, text)).toBeNull();
  expect(each.file).toMatch(/^\/(?:shop|home\/ada)\//);
});

it('JSON: other servers, settings and remarks stay as they are', () => {
  const before =
    '{\n  // mine\n  "servers": {\n    "other": {\n      "command": "x"\n    } // keep\n  },\n}\n';
  const after = merged(client('vscode'), before) ?? '';
  for (const line of before.trim().split('\n')) expect(after).toContain(line);
  expect(after).toContain('"upkeep": {\n      "type": "stdio"');
  expect(merged(client('vscode'), after)).toBeNull();
});

it('JSON: an older entry of ours is replaced', () => {
  const after = merged(client('cursor'), '{"mcpServers":{"upkeep":{"command":"old"},"b":{}}}') ?? '';
  expect(JSON.parse(after)).toEqual({ mcpServers: { upkeep: start, b: {} } });
});

it('TOML: appended; another entry of that name is not touched', () => {
  const before = '# mine\nmodel = "x"\n[mcp_servers.other]\ncommand = "y"';
  expect(merged(client('codex'), before)).toBe(
    `${before}\n\n[mcp_servers.upkeep]\ncommand = "npx"\nargs = [ "upkeep", "mcp" ]\n`,
  );
  expect(() => merged(client('codex'), '[mcp_servers.upkeep]\ncommand = "z"\n')).toThrow(/another/);
});

it.each(['', ' \n', '{"mcpServers":null}', '{"mcpServers":{}}', 'null'])(
  'JSON: in %j there is none yet',
  (before) => {
    const after = merged(client('cursor'), before) ?? '';
    expect(JSON.parse(after)).toEqual({ mcpServers: { upkeep: start } });
    expect(merged(client('cursor'), after)).toBeNull();
  },
);

it('JSON: null gives way, and nothing beside it', () => {
  const before = '{\n  // mine\n  "mcpServers": null, // none yet\n  "other": null\n}\n';
  expect(merged(client('cursor'), before)).toMatch(
    /\/\/ mine[\s\S]*"upkeep"[\s\S]*\/\/ none yet[\s\S]*"other": null/,
  );
});

it.each(['cursor', 'codex'])('%s: a byte order mark is no fault, and stays', (name) => {
  const plain = merged(client(name), '');
  expect(merged(client(name), `\uFEFF${plain}`)).toBeNull();
  expect(merged(client(name), '\uFEFF')).toBe(`\uFEFF${plain}`);
});

it.each([
  ['cursor', '{"mcpServers":', 'it is not JSON'],
  ['cursor', '// nothing', 'it is not JSON'],
  ['cursor', '[]', 'it is no object'],
  ['cursor', '5', 'it is no object'],
  ['cursor', '{"mcpServers":[]}', 'its "mcpServers" is no object'],
  ['cursor', '{"mcpServers":"x"}', 'its "mcpServers" is no object'],
  ['codex', 'a = ', ''],
])('what cannot be read is left alone: %s, %s', (name, before, why) => {
  expect(() => merged(client(name), before)).toThrow(`is left as it is: ${why}`);
});
