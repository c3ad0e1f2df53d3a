/** Every page in both themes and at both widths, by the rules of axe-core; and how much a browser has to load. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRig, type Rig } from '../rig/rig.ts';
import { type Look, launch, look, WITHOUT_CHROMIUM } from './browser.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** As long as a name may be, with no place for a break. */
const LONG = 'a_hundred_'.repeat(10);

/** Of all kinds: 256, 24 bits, on grounds, named on those, faint. */
const COLOURS = [
  ...[8, 15, 16, 17, 46, 118, 208, 226, 231, 240, 255].map((at) => `38;5;${at}`),
  ...['10;200;100', '255;255;255', '0;0;0', '128;128;128', '90;90;255'].map((rgb) => `38;2;${rgb}`),
  ...['48;5;208', '48;2;200;30;30', '48;5;226', '31;48;5;17', '37;48;2;250;200;0', '34;48;5;208'],
  ...['41;38;2;255;200;0', '46;38;5;226', '40;38;5;240', '7;38;5;208', '2;38;5;208', '2;32', '2'],
]
  .map((codes) => `\u001b[${codes}m ${codes} at a.js:3 \u001b[0m`)
  .join('\n');

/** What is there when a page has been loaded, and waited for. */
const PAGES: [path: string, shown: string][] = [
  ['/', '.services'],
  ['/logs', '.line'],
  [`/logs?services=${LONG}`, '.line'],
  ['/timeline', '.bar'],
  ['/graph', '.box'],
  ['/service/bad', '.last-lines'],
  [`/service/${LONG}?tab=loads`, '.tabs td.file'],
  ['/service/web?tab=config', '.config'],
  [`/service/nobody_of_${LONG}`, '.empty'],
];

describe.skipIf(WITHOUT_CHROMIUM)('the dashboard', () => {
  let browser: Browser;
  let rig: Rig;
  let seen: Look;

  beforeAll(async () => {
    browser = await launch();
    rig = await createRig();
    rig.configure({
      web: { port: await rig.port(), group: 'all', env: { API_KEY: 'secret' } },
      [LONG]: { group: LONG, dependsOn: ['web'], does: [{ do: 'print', text: `${COLOURS}\n` }] },
      bad: { group: 'all', restart: { maxFailures: 2 }, dependsOn: ['web'] },
    });
    rig.write(rig.entry('bad'), "console.log('\\u001b[33mcareful\\u001b[39m'); throw new TypeError('no');\n");
    await rig.cli('start');
    await rig.eventually(async () => (await rig.service('bad')).state === 'crashed', 'bad is parked');
    seen = await look(browser, rig);
  });
  afterAll(async () => {
    await browser?.close();
    await rig?.dispose();
  });

  it.each(PAGES)('%s: axe finds nothing that is more than minor', async (path, shown) => {
    const { page, faults } = seen;
    const found: string[] = [];
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 800 });
      await page.goto(new URL(path, page.url()).href);
      await page.locator(shown).first().waitFor();
      await page.evaluate(AXE);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        for (const each of await violations(page, colorScheme))
          found.push(`${colorScheme} ${width}: ${each}`);
      }
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      expect(await overflowing(page)).toEqual([]);
    }
    expect(found).toEqual([]);
    expect(faults.splice(0)).toEqual([]);
  });

  it('the list of services to choose from: the same', async () => {
    const { page, faults } = seen;
    await page.goto(new URL('/logs', page.url()).href);
    await page.getByRole('button', { name: 'Services: All services' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'web' }).waitFor();
    await page.evaluate(AXE);
    expect(await violations(page, 'light')).toEqual([]);
    await page.keyboard.press('Escape');
    expect(faults.splice(0)).toEqual([]);
  });

  it('has all columns of the overview in sight at any width', async () => {
    const { page } = seen;
    await page.goto(new URL('/', page.url()).href);
    await page.locator('.services').waitFor();
    for (const width of [1200, 1100, 1000, 961, 960, 800, 761, 760, 700, 641]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    }
  });

  it('shows the sign of a parked service in the graph in its colour', async () => {
    const { page } = seen;
    await page.goto(new URL('/graph', page.url()).href);
    const sign = page.locator('.box', { hasText: 'bad' }).locator('.state-icon[data-state=crashed]');
    const [colour, ground] = await sign.evaluate((icon) => [
      getComputedStyle(icon).color,
      getComputedStyle(icon.querySelector('rect') ?? icon).fill,
    ]);
    expect(ground).toBe(colour);
  });

  it('loads less than 150 kB compressed at first, from here alone', async () => {
    const page = await seen.context.newPage();
    const bodies: Promise<number>[] = [];
    const streams: string[] = [];
    page.on('response', (response) => {
      if (/\/api\/events/.test(response.url())) streams.push(response.url());
      if (/\/api\//.test(response.url())) return;
      bodies.push(response.body().then((body) => gzipSync(body).byteLength));
    });
    const dialogs = page.waitForResponse(/ModalContent/);
    await page.goto(new URL('/', seen.page.url()).href);
    await page.locator('.activity').waitFor();
    await dialogs;
    await page.evaluate(() => document.fonts.ready);
    // Asked by the first script, and not again by the page.
    expect(streams).toHaveLength(1);
    const sizes = await Promise.all(bodies);
    expect(sizes.length).toBeGreaterThan(3);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(150 * 1024);
    await page.close();
  });

  it('gives the keys back to what opened a dialog', async () => {
    const { page } = seen;
    await page.goto(new URL('/', page.url()).href);
    const button = page.getByRole('button', { name: 'Settings' });
    await button.click();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.waitForFunction((element) => element === document.activeElement, await button.elementHandle());
  });

  it('has its theme before its code', async () => {
    const page = await seen.context.newPage();
    await page.goto(new URL('/', seen.page.url()).href);
    await page.evaluate(() => localStorage.setItem('upkeep-settings', '{"theme":"dark"}'));
    await page.route(/\/assets\/.*\.js/, (route) => route.abort());
    await page.reload();
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe('dark');
    await page.evaluate(() => localStorage.removeItem('upkeep-settings'));
    await page.close();
  });
});

/** Buttons whose words are wider than they are, and nothing shows that. */
function overflowing(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('.button, .chip')]
      .filter((each) => each.scrollWidth > each.clientWidth + 1)
      .filter((each) => getComputedStyle(each).textOverflow !== 'ellipsis')
      .map((each) => each.textContent ?? ''),
  );
}

/** A theme changes nothing but colours: in the dark one, only these are looked at. */
function violations(page: Page, theme: 'light' | 'dark'): Promise<string[]> {
  // The debugger's evaluation is not bound by the content security policy.
  return page.evaluate(
    async (only) => {
      const axe = (globalThis as unknown as { axe: typeof import('axe-core') }).axe;
      const { violations: all } = await axe.run(document, only === null ? {} : { runOnly: only });
      return all
        .filter(({ impact }) => impact !== 'minor')
        .flatMap(({ id, nodes }) =>
          nodes
            .slice(0, 3)
            .map(({ html, failureSummary }) => `${id} ${html.slice(0, 160)} ${failureSummary}`),
        );
    },
    theme === 'dark' ? ['color-contrast'] : null,
  );
}
