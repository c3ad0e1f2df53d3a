import { expect, it } from 'vitest';
import { modeOf } from '../../../src/daemon/seamless/mode.ts';
import { specOf } from '../../supervisor/services.ts';

const node = { argv: ['node', 'server.js'] };
const python = { argv: ['python3', 'app.py'] };
const unknown = { shell: './serve' };

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
