/** Notifications of the desktop, by a real browser that allows them or does not. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRig, type Rig } from '../rig/rig.ts';
import { type Look, launch, look, showsState, WITHOUT_CHROMIUM } from './browser.ts';

interface Told {
  title: string;
  body: string | undefined;
}

/** Before the page's own scripts: what it raises is real, and written down. */
function writeDown(): void {
  const Native = window.Notification;
  const raised: Told[] = [];
  Object.assign(window, { raised });
  window.Notification = class extends Native {
    constructor(title: string, options?: NotificationOptions) {
      super(title, options);
      raised.push({ title, body: options?.body });
      (window as { last?: Notification }).last = this;
    }
  };
}

const raisedIn = ({ page }: Look) => page.evaluate(() => (window as unknown as { raised: Told[] }).raised);

describe.skipIf(WITHOUT_CHROMIUM)('desktop notifications', () => {
  let browser: Browser;
  let rig: Rig;
  let allowed: Look;
  let refused: Look;

  beforeAll(async () => {
    browser = await launch();
    rig = await createRig();
    rig.configure({ api: { port: await rig.port() }, db: { restart: { maxFailures: 2, delay: 1 } } });
    await rig.ok('start');
    allowed = await watching(['notifications']);
    refused = await watching([]);
  });
  afterAll(async () => {
    await browser?.close();
    await rig?.dispose();
  });

  async function watching(permissions: string[]): Promise<Look> {
    const seen = await look(browser, rig, { permissions });
    await seen.context.addInitScript(writeDown);
    await seen.page.reload();
    await seen.page.getByText('2 of 2 ready').waitFor();
    await seen.page.keyboard.press(',');
    // Not `check`: the box stays empty where it is not allowed.
    await seen.page.getByLabel('Notify me when').click();
    return seen;
  }

  it('are asked for in the settings, which say when the browser does not allow them', async () => {
    await refused.page.getByText('The browser does not allow it for this address').waitFor();
    expect(await refused.page.getByLabel('Notify me when').isChecked()).toBe(false);
    expect(await allowed.page.getByLabel('Notify me when').isChecked()).toBe(true);
    for (const { page } of [allowed, refused]) await page.keyboard.press('Escape');
  });

  it('tell of an edit that failed and of a service that is parked, once each', async () => {
    rig.write(rig.entry('api'), "throw new Error('no routes');\n");
    await showsState(allowed.page, 'api', 'edit failed');
    rig.write(rig.entry('db'), "throw new Error('no schema');\n");
    await showsState(allowed.page, 'db', 'parked');
    await rig.eventually(async () => (await raisedIn(allowed)).length === 2, 'two notifications');
    expect(await raisedIn(allowed)).toEqual([
      // A run that was begun on trial has taken a number.
      {
        title: expect.stringMatching(/^api run \d+ failed to take over$/),
        body: expect.stringContaining('The run before it goes on.'),
      },
      { title: 'db is parked', body: expect.stringContaining('Failed 2 times') },
    ]);
  });

  it('are not raised without the permission, also when they were wanted once', async () => {
    const { page } = refused;
    await showsState(page, 'db', 'parked');
    await page.evaluate(() => {
      const name = 'upkeep-settings';
      localStorage.setItem(
        name,
        JSON.stringify({ ...JSON.parse(localStorage.getItem(name) ?? '{}'), notify: true }),
      );
    });
    await page.reload();
    await showsState(page, 'db', 'parked');
    rig.fake('db');
    await showsState(page, 'db', 'ready');
    rig.write(rig.entry('db'), "throw new Error('no tables');\n");
    await showsState(page, 'db', 'parked');
    await rig.eventually(
      async () => (await raisedIn(allowed)).length === 3,
      'the third, where they are allowed',
    );
    expect(await raisedIn(refused)).toEqual([]);
  });

  it('lead to the page of their service', async () => {
    const { page } = allowed;
    await page.evaluate(() => (window as { last?: Notification }).last?.dispatchEvent(new Event('click')));
    await page.getByRole('heading', { name: 'db' }).waitFor();
    expect([...allowed.faults, ...refused.faults]).toEqual([]);
  });
});
