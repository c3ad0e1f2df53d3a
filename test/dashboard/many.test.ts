/** A hundred services on one page. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRig, type Rig } from '../rig/rig.ts';
import { launch, look, row, showsState, WITHOUT_CHROMIUM } from './browser.ts';

const COUNT = 100;

describe.skipIf(WITHOUT_CHROMIUM)('a hundred services', () => {
  let browser: Browser;
  let rig: Rig;

  beforeAll(async () => {
    browser = await launch();
    rig = await createRig();
    const names = Array.from({ length: COUNT }, (_, index) => `service-${index + 1}`);
    rig.write(
      'upkeep.config.json',
      JSON.stringify({ services: Object.fromEntries(names.map((name) => [name, 'sleep 100000'])) }),
    );
    await rig.ok('start');
  });
  afterAll(async () => {
    await browser?.close();
    await rig?.dispose();
  });

  it('are all shown, found, and followed', async () => {
    const { page, faults } = await look(browser, rig);
    await page.getByText(`${COUNT} of ${COUNT} ready`).waitFor();
    expect(await page.locator('.services tbody tr').count()).toBe(COUNT);
    await page.getByRole('searchbox').fill('service-77');
    await row(page, 'service-76').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Restart service-77' }).click();
    await row(page, 'service-77').getByText('restart (dashboard)').waitFor();
    await showsState(page, 'service-77', 'ready');
    expect(faults).toEqual([]);
  });
});
