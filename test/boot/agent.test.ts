/** Where the file is, and what it is called. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { agentFile, allAgents, bootAgent, enablingLink, readAgentFile } from '../../src/boot/agent.ts';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'upkeep-boot-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const linux = () => ({ platform: 'linux' as const, home: join(root, 'home'), config: undefined });
const mac = () => ({ platform: 'darwin' as const, home: join(root, 'home'), config: undefined });

function workspace(name: string): string {
  mkdirSync(join(root, name));
  return join(root, name);
}

it('is the same each time, and another for another workspace of that name', () => {
  const [a, b] = [workspace('shop'), workspace('other')];
  mkdirSync(join(b, 'shop'));
  expect(bootAgent(a, linux())).toEqual(bootAgent(a, linux()));
  expect(bootAgent(a, linux()).name).not.toBe(bootAgent(join(b, 'shop'), linux()).name);
});

it('is a systemd user unit on Linux, by a name that systemd takes', () => {
  const odd = bootAgent(workspace('mein Projekt – 日本語 100%'), linux());
  expect(odd.name).toMatch(/^upkeep-mein_Projekt[A-Za-z0-9_-]*-[0-9a-f]{16}\.service$/);
  expect(odd.file).toBe(join(root, 'home/.config/systemd/user', odd.name));
  expect(enablingLink(odd)).toBe(join(root, 'home/.config/systemd/user/default.target.wants', odd.name));
  const moved = bootAgent(workspace('x'.repeat(200)), { ...linux(), config: '/etc/mine' });
  expect(dirname(moved.file)).toBe('/etc/mine/systemd/user');
  expect(moved.name.length).toBeLessThan(100);
});

it('is a launchd agent on macOS', () => {
  const agent = bootAgent(workspace('shop'), mac());
  expect(agent.name).toMatch(/^dev\.upkeep\.shop-[0-9a-f]{16}$/);
  expect(agent.file).toBe(join(root, 'home/Library/LaunchAgents', `${agent.name}.plist`));
  expect(enablingLink(agent)).toBeNull();
});

it.each([linux, mac])('is found again among what else is there, with what it starts', (place) => {
  const at = workspace('shop');
  const agent = bootAgent(at, place());
  const start = { guard: '/g', lock: '/l', node: '/n', daemon: '/d', workspace: at, env: {} };
  mkdirSync(dirname(agent.file), { recursive: true });
  writeFileSync(agent.file, agentFile(agent, start));
  writeFileSync(join(dirname(agent.file), 'other.service'), agentFile(agent, start));
  expect(readAgentFile(agent)).toEqual(start);
  expect(allAgents(place())).toEqual([{ ...agent, start }]);
});

it('nowhere is none', () => {
  expect(allAgents(linux())).toEqual([]);
});
