/** What is done by keys, and what is asked before it is done to many. */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRig, type Rig } from '../rig/rig.ts';
import { type Look, launch, look, row, showsState, WITHOUT_CHROMIUM } from './browser.ts';

describe.skipIf(WITHOUT_CHROMIUM)('the keys', () => {
  let browser: Browser;
  let rig: Rig;
  let seen: Look;

  beforeAll(async () => {
    browser = await launch();
    rig = await createRig();
    const port = await rig.port();
    rig.configure({
      a: {
        port,
        does: [
          { do: 'print', text: 'one\nerror: two\nthree one\n' },
          { do: 'listen', port },
        ],
      },
      b: {},
      c: {},
      d: {},
    });
    await rig.ok('start');
    seen = await look(browser, rig);
  });
  beforeEach(() => press('1'));
  afterAll(async () => {
    await browser?.close();
    await rig?.dispose();
  });
  afterEach(() => expect(seen.faults.splice(0)).toEqual([]));

  const press = async (...keys: string[]) => {
    for (const key of keys) await seen.page.keyboard.press(key);
  };
  const runOf = async (name: string) => (await rig.service(name)).run ?? 0;
  const pathIs = (path: string) => seen.page.waitForURL((url) => url.pathname + url.search === path);

  it('x and k choose, r restarts what is chosen, l and o open logs and url', async () => {
    const { page } = seen;
    const before = [await runOf('b'), await runOf('c')];
    await press('Escape', 'j', 'j', 'j', 'k', 'x', 'r');
    await rig.eventually(async () => (await runOf('b')) > (before[0] ?? 0), 'b restarts');
    expect(await runOf('c')).toBe(before[1]);
    await press('Escape', 'j', 'l');
    await pathIs('/logs?services=a');
    await press('1');
    await row(page, 'a').waitFor();
    const opened = seen.context.waitForEvent('page');
    await press('Escape', 'j', 'o');
    await (await opened).close();
  });

  it('asks before it stops four: Cancel leaves them, Stop ends them', async () => {
    const { page } = seen;
    await page.getByText('4 of 4 ready').waitFor();
    await press('Escape', 'a');
    await page.getByRole('button', { name: 'Stop 4 selected' }).waitFor();
    await press('t');
    const dialog = page.getByRole('dialog', { name: 'Stop 4 services?' });
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect((await rig.status()).services.map(({ wanted }) => wanted)).toEqual(['up', 'up', 'up', 'up']);
    await press('Escape');
    await page.getByRole('button', { name: 'Stop all' }).click();
    await dialog.getByRole('button', { name: 'Stop', exact: true }).click();
    for (const name of ['a', 'b', 'c', 'd']) await showsState(page, name, 'stopped');
    await page.getByRole('button', { name: 'Start all', exact: true }).click();
    await showsState(page, 'd', 'ready');
  });

  it('s, r and t on the page of a service, and Escape back', async () => {
    const { page } = seen;
    await press('Escape', 'j', 'j', 'Enter');
    await page.getByRole('heading', { name: 'b' }).waitFor();
    await press('t');
    await rig.eventually(async () => (await rig.service('b')).state === 'stopped', 'b is stopped');
    await press('s');
    await rig.eventually(async () => (await rig.service('b')).state === 'ready', 'b is started');
    const before = await runOf('b');
    await press('r');
    await rig.eventually(async () => (await runOf('b')) > before, 'b restarts');
    await press('Escape');
    await pathIs('/');
  });

  it('Enter presses what has the focus, wherever that is', async () => {
    const { page } = seen;
    const before = await runOf('b');
    const button = row(page, 'b').getByRole('button', { name: 'Restart b' });
    await rig.eventually(() => button.isEnabled(), 'it can be restarted');
    await button.focus();
    await press('Enter');
    await rig.eventually(async () => (await runOf('b')) > before, 'b restarts');
    await pathIs('/');
    await page.getByRole('link', { name: 'Timeline' }).first().focus();
    await press('Enter');
    await pathIs('/timeline');
    await press('1');
    await page.getByRole('link', { name: 'Skip to content' }).focus();
    await press('Enter');
    await rig.eventually(
      () => page.evaluate(() => document.activeElement?.id === 'main'),
      'it is skipped to',
    );
  });

  it('nothing is done to what is not shown', async () => {
    const { page } = seen;
    const before = await runOf('c');
    await press('Escape', 'j', '/');
    await page.keyboard.type('zzz');
    expect(await page.getByRole('button', { name: 'Stop these 0' }).isDisabled()).toBe(true);
    await press('Escape', 't', 'r');
    await press('/');
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('c');
    await press('Escape', 'j', 'r');
    await rig.eventually(async () => (await runOf('c')) > before, 'c restarts');
    expect((await rig.status()).services.map(({ wanted }) => wanted)).toEqual(['up', 'up', 'up', 'up']);
    await page.goto(new URL('/', page.url()).href);
    await page.getByText('4 of 4 ready').waitFor();
  });

  it('in logs: pause and wrap', async () => {
    const { page } = seen;
    await page.goto(new URL('/logs?services=a&q=one', page.url()).href);
    await page.locator('.line', { hasText: 'three one' }).first().waitFor();
    await press('f');
    await page.getByRole('status').filter({ hasText: 'Paused' }).waitFor();
    const wrap = page.getByRole('button', { name: 'Wrap lines' });
    const was = await wrap.getAttribute('aria-pressed');
    await press('w');
    await rig.eventually(async () => (await wrap.getAttribute('aria-pressed')) !== was, 'it wraps');
    await press('f');
    await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
  });

  it('in logs: from match to match, and from error to error', async () => {
    const { page } = seen;
    await page.goto(new URL('/logs?services=a&q=one', page.url()).href);
    await page.locator('.line', { hasText: 'three one' }).first().waitFor();
    const chosen = (text: string) => page.locator('.line[data-selected]', { hasText: text }).waitFor();
    await press('n');
    await chosen('three one');
    await press('n');
    await page.locator('.line[data-selected]:not(:has-text("three one"))', { hasText: 'one' }).waitFor();
    await press('N');
    await chosen('three one');
    await press('e');
    await chosen('error: two');
  });

  it('to the pages', async () => {
    const { page } = seen;
    await press('2');
    await page.getByRole('log').waitFor();
    await press('4');
    await page.getByRole('heading', { name: 'Graph' }).waitFor();
  });

  it('on the timeline: closer, farther, back, to now', async () => {
    const { page } = seen;
    await press('3');
    await page.getByRole('heading', { name: 'Timeline' }).waitFor();
    await press('-');
    await page.getByRole('button', { name: '6 h', pressed: true }).waitFor();
    await press('+');
    await page.getByRole('button', { name: '1 h', pressed: true }).waitFor();
    await press('h');
    await page.getByRole('button', { name: 'Now', pressed: false }).waitFor();
    await press('l');
    await page.getByRole('button', { name: 'Now', pressed: true }).waitFor();
    await press('h', 'End');
    await page.getByRole('button', { name: 'Now', pressed: true }).waitFor();
  });
});
