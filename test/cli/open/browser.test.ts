import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openBrowser, opener } from '../../../src/cli/open/browser.ts';

describe('the program that opens a link', () => {
  it.each([
    ['a Mac', {}, 'darwin', 'open'],
    ['a Mac at the other end of ssh', { SSH_CONNECTION: '1 2 3 4' }, 'darwin', null],
    ['X', { DISPLAY: ':0' }, 'linux', 'xdg-open'],
    ['Wayland', { WAYLAND_DISPLAY: 'wayland-0' }, 'linux', 'xdg-open'],
    ['no screen', {}, 'linux', null],
    ['an empty DISPLAY', { DISPLAY: '' }, 'linux', null],
    ['a screen that is forwarded by ssh', { DISPLAY: ':10', SSH_CONNECTION: '1 2 3 4' }, 'linux', null],
  ] as const)('on %s', (_, env, platform, program) => {
    expect(opener(env, platform)).toBe(program);
  });
});

describe('a link', () => {
  const path = process.env['PATH'];
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'upkeep-open-'));
    process.env['PATH'] = `${folder}:${path}`;
  });
  afterEach(() => {
    process.env['PATH'] = path;
    rmSync(folder, { recursive: true, force: true });
  });
  const lend = (text: string) => {
    writeFileSync(join(folder, 'xdg-open'), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, 'xdg-open'), 0o755);
  };
  const open = () => openBrowser('http://127.0.0.1:1/?key=a&b=c', { DISPLAY: ':0' }, 'linux');

  it('is handed over as it is', async () => {
    lend(`printf %s "$1" >"${folder}/link"`);
    expect(await open()).toBe(true);
    expect(readFileSync(join(folder, 'link'), 'utf8')).toBe('http://127.0.0.1:1/?key=a&b=c');
  });

  it('is not opened when the program says that it cannot', async () => {
    lend('exit 3');
    expect(await open()).toBe(false);
  });

  it('is opened when the program stays, as a browser does', async () => {
    lend(`: >"${folder}/began"; exec sleep 3`);
    expect(await open()).toBe(true);
    expect(existsSync(join(folder, 'began'))).toBe(true);
  });

  it('is not opened where there is no such program', async () => {
    expect(await openBrowser('http://127.0.0.1:1/', {}, 'linux')).toBe(false);
    process.env['PATH'] = folder;
    expect(await open()).toBe(false);
  });
});
