/** `upkeep mcp install` in a project with clients: shows, asks, writes, and leaves alone what it does not know. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Rig, testRig } from '../rig/rig.ts';

const OTHERS = '{\n  // mine\n  "mcpServers": {\n    "other": { "command": "x" } // keep\n  },\n}\n';

async function project(): Promise<Rig> {
  const rig = await testRig();
  rig.configure({ web: {} });
  rig.write('.cursor/mcp.json', OTHERS);
  return rig;
}

const cursor = (rig: Rig) => rig.read('.cursor/mcp.json');

it('without anybody to ask it shows and writes nothing; --print only shows', async () => {
  const rig = await project();
  const refused = await rig.cli('mcp', 'install');
  expect(refused.code).toBe(1);
  expect(refused.stdout).toMatch(/\.cursor\/mcp\.json[\s\S]*"upkeep"[\s\S]*"other"/);
  expect(refused.stderr).toContain('--yes');
  expect((await rig.ok('mcp', 'install', '--print', '--client', 'all')).stdout).toMatch(
    /Claude Code[\s\S]*Cursor[\s\S]*Zed[\s\S]*Windsurf/,
  );
  expect(cursor(rig)).toBe(OTHERS);
  expect(existsSync(rig.path('.mcp.json'))).toBe(false);
});

it('asks on a terminal: no leaves everything, yes writes for the clients of this project', async () => {
  const rig = await project();
  const terminal = rig.terminal();
  const answer = async (word: string) => {
    const from = terminal.output.length;
    terminal.type(`${rig.cliWords('mcp', 'install')}; printf 'ended:%s\\n' "$?"`);
    await rig.eventually(() => terminal.output.slice(from).includes('Write this?'), 'the question');
    terminal.type(word);
    return rig.eventually(() => /ended:(\d)/.exec(terminal.output.slice(from))?.[1], 'its end');
  };
  expect(await answer('n')).toBe('0');
  expect(cursor(rig)).toBe(OTHERS);
  expect(await answer('y')).toBe('0');
  for (const line of OTHERS.trim().split('\n')) expect(cursor(rig)).toContain(line.trim());
  expect(cursor(rig)).toContain('"upkeep"');
  expect(JSON.parse(rig.read('.mcp.json')).mcpServers.upkeep).toMatchObject({
    command: 'npx',
    args: ['upkeep', 'mcp'],
  });
  expect(existsSync(rig.path('.vscode'))).toBe(false);
});

it('a second time changes nothing; the home is written to only for a client that lives there', async () => {
  const rig = await project();
  await rig.ok('mcp', 'install', '--yes');
  const before = [cursor(rig), rig.read('.mcp.json')];
  const again = await rig.ok('mcp', 'install', '--yes');
  expect(again.stdout).toMatch(/has it already[\s\S]*has it already/);
  expect([cursor(rig), rig.read('.mcp.json')]).toEqual(before);
  const folder = join(rig.env['HOME'] ?? '', '.codeium/windsurf');
  expect(existsSync(folder)).toBe(false);
  await rig.ok('mcp', 'install', '--yes', '--client', 'windsurf');
  const { args } = JSON.parse(readFileSync(join(folder, 'mcp_config.json'), 'utf8')).mcpServers.upkeep;
  expect(args.slice(-3)).toEqual(['-C', rig.workspace, 'mcp']);
});

it('a file that it cannot read stays as it is, and an unknown client is a mistake', async () => {
  const rig = await project();
  writeFileSync(rig.path('.cursor/mcp.json'), '{"mcpServers":');
  const broken = await rig.cli('mcp', 'install', '--yes', '--client', 'cursor');
  expect([broken.code, broken.stderr]).toEqual([1, expect.stringContaining('.cursor/mcp.json')]);
  expect(cursor(rig)).toBe('{"mcpServers":');
  const unknown = await rig.cli('mcp', 'install', '--client', 'curser');
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('Did you mean "cursor"?')]);
});
