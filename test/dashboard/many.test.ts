/** A hundred services on one page. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRig, type Rig } from '../rig/rig.ts';
import { launch, look, row, showsState, WITHOUT_CHROMIUM } from './browser.ts';

const COUNT = 100;
const GROUPS = 12;

describe.skipIf(WITHOUT_CHROMIUM)('a hundred services', () => {
  let browser: Browser;
  let rig: Rig;

  beforeAll(async () => {
    browser = await launch();
    rig = await createRig();
    const services = Array.from({ length: COUNT }, (_, index) => [
      `service-${index + 1}`,
      { command: 'sleep 100000', group: `group-${(index % GROUPS) + 1}` },
    ]);
    rig.write('upkeep.config.json', JSON.stringify({ services: Object.fromEntries(services) }));
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

  it('have groups whose names can be read at any width', async () => {
    const { page, faults } = await look(browser, rig);
    const chips = page.getByRole('group', { name: 'Groups' }).getByRole('button');
    for (const width of [1280, 700, 390]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await chips.count()).toBe(GROUPS + 1);
      expect(
        await chips.evaluateAll((all) =>
          all.filter((each) => each.scrollWidth > each.clientWidth + 1).map((each) => each.textContent),
        ),
      ).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    }
    await chips.last().click();
    await row(page, 'service-1').waitFor({ state: 'detached' });
    expect(faults).toEqual([]);
  });
});
