import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { chooseMode, modeOf } from '../../../src/daemon/seamless/mode.ts';
import { specOf } from '../../supervisor/services.ts';

const node = { argv: ['node', 'server.js'] };
const python = { argv: ['python3', 'app.py'] };
const unknown = { shell: './serve' };

it('dev servers that stand alone are handed off', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'upkeep-mode-'));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  mkdirSync(join(cwd, 'node_modules/.bin'), { recursive: true });
  for (const name of ['vite', 'json-server'])
    writeFileSync(join(cwd, 'node_modules/.bin', name), '#!/usr/bin/env node\n');
  const mode = (shell: string) => modeOf(specOf('web', { command: { shell }, cwd, ports: [3000] }));
  expect(mode('npx vite --port 3000')).toBe('handoff');
  expect(mode('npx json-server db.json')).toBe('swap');
  expect(mode('npx next dev')).toBe('plain');
});

it.each([
  [{ command: node, ports: [3000] }, 'swap'],
  [{ command: node, ports: [] }, 'plain'],
  [{ command: python, ports: [3000] }, 'plain'],
  [{ command: unknown, ports: [3000] }, 'plain'],
  [{ command: node, ports: [3000], mode: 'handoff' }, 'handoff'],
  [{ command: node, ports: [3000], mode: 'plain' }, 'plain'],
  [{ command: unknown, ports: [3000], mode: 'swap' }, 'swap'],
  [{ command: node, ports: [], mode: 'swap' }, 'plain'],
] as const)('%j: %s', ({ command, ports, ...rest }, mode) => {
  const words = 'argv' in command ? { argv: [...command.argv] } : command;
  expect(modeOf(specOf('web', { command: words, ports: [...ports], ...rest }))).toBe(mode);
});

it.each([
  [{ command: node, ports: [3000] }, /a Node program with a declared port/],
  [{ command: node, ports: [] }, /^no port is declared/],
  [{ command: node, ports: [], mode: 'swap' }, /no port is declared .*"mode: swap" has no effect/],
  [{ command: node, ports: [], mode: 'plain' }, /held \("port"\)$/],
  [{ command: python, ports: [3000] }, /not known to start a Node program/],
  [{ command: python, ports: [3000], mode: 'handoff' }, /its configuration says so/],
] as const)('%j says why', ({ command, ports, ...rest }, why) => {
  const spec = specOf('web', { command: { argv: [...command.argv] }, ports: [...ports], ...rest });
  expect(chooseMode(spec).why).toMatch(why);
});
