/** The page of one service, the timeline and the graph, in a real browser. */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openGateway } from '../e2e/gateway-rig.ts';
import { createRig, type Rig } from '../rig/rig.ts';
import { type Look, launch, look, WITHOUT_CHROMIUM } from './browser.ts';

describe.skipIf(WITHOUT_CHROMIUM)('the page of a service', () => {
  let browser: Browser;
  let rig: Rig;
  let seen: Look;

  beforeAll(async () => {
    browser = await launch();
    rig = await createRig();
    rig.write('lib/shared.mjs', 'export const word = 1;\n');
    for (const name of ['one', 'two'])
      rig.write(`servers/${name}.mjs`, "import '../lib/shared.mjs';\nsetInterval(() => {}, 1e6);\n");
    rig.configure({
      one: { command: 'node servers/one.mjs', env: { API_TOKEN: 'hunter2', COLOUR: 'green' } },
      two: { command: 'node servers/two.mjs', dependsOn: ['one'] },
      loop: { command: 'node servers/loop.mjs', restart: { maxFailures: 4, delay: 1 } },
    });
    rig.write('servers/loop.mjs', "const a = 1;\nthrow new TypeError('no money');\n");
    await rig.ok('start', 'two');
    await rig.cli('start', 'loop');
    await rig.eventually(async () => (await rig.service('loop')).state === 'crashed', 'it is parked');
    seen = await look(browser, rig);
  });
  afterAll(async () => {
    await browser?.close();
    await rig?.dispose();
  });
  afterEach(() => expect(seen.faults.splice(0)).toEqual([]));

  const open = (path: string) => seen.page.goto(new URL(path, seen.page.url()).href);

  it('tells its runs as they happen, each with its cause', async () => {
    const { page } = seen;
    await open('/service/one');
    await page.getByText('Run 1', { exact: true }).waitFor();
    rig.write('lib/shared.mjs', 'export const word = 2;\n');
    await page
      .locator('.run', { hasText: 'Run 2' })
      .getByText('edit lib/shared.mjs', { exact: true })
      .waitFor();
    await page
      .locator('.run', { hasText: 'Run 2' })
      .locator('summary')
      .getByText('ready', { exact: true })
      .waitFor();
    await page.getByText('servers/one.mjs → lib/shared.mjs').first().waitFor();
    await page.locator('.run', { hasText: 'Run 1' }).locator('summary').getByText('stopped').waitFor();
    expect(await page.locator('canvas').count()).toBe(4);
  });

  it('tells a crash loop in one paragraph, with the code of its error', async () => {
    const { page } = seen;
    await open('/service/loop');
    const told = page.locator('.run', { hasText: 'Runs 1 to 4' });
    await told.getByText(/It crashed 4 times between .* each with exit 1 .* TypeError: no money/).waitFor();
    expect(await page.locator('.run').count()).toBe(1);
    const code = told.getByLabel('Code of the error of run 4');
    expect(await code.locator('[data-meant]').textContent()).toBe("> 2 | throw new TypeError('no money');");
    expect(await code.getByRole('link').getAttribute('href')).toBe(
      `vscode://file${encodeURI(rig.path('servers/loop.mjs'))}:2:7`,
    );
    await told.getByText('Each of them').click();
    await told.getByText(/Run 1 ended with exit 1/).waitFor();
    await open('/service/one');
  });

  it('has all times in the zone of the browser, which may not be that of the gateway', async () => {
    const { upkeep } = await openGateway(rig);
    const [loop] = (await upkeep.runs('loop')).loops;
    const there = new Date(loop?.from ?? 0).toLocaleTimeString('en-GB', { timeZone: 'Asia/Kathmandu' });
    const { page, context, faults } = await look(browser, rig, { timezoneId: 'Asia/Kathmandu' });
    await page.goto(new URL('/service/loop', page.url()).href);
    const told = page.locator('.run', { hasText: 'Runs 1 to 4' });
    await told.getByText(new RegExp(`between (?:[-\\d]+ )?${there} and`)).waitFor();
    await page.goto(new URL('/logs?services=loop', page.url()).href);
    const last = page.locator('.line').last();
    const time = (await last.locator('.time').textContent()) ?? '';
    await page.getByLabel('Go to a time, for example 14:02 or 10m').fill(time);
    await page.keyboard.press('Enter');
    await page.locator('.line[data-selected]', { hasText: time }).waitFor();
    expect(faults).toEqual([]);
    await context.close();
  });

  it('goes from tab to tab by the arrow keys', async () => {
    const { page } = seen;
    await open('/service/one');
    await page.getByRole('tab', { name: 'Runs' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByLabel('Search files').waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Files');
    await page.keyboard.press('ArrowRight');
    await page.getByText('COLOUR', { exact: false }).first().waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Configuration');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await page.getByText('Run 1', { exact: true }).waitFor();
  });

  it('lists the files of a run that is just starting, too', async () => {
    const { page } = seen;
    await open('/service/one?tab=loads');
    await page
      .getByRole('row', { name: /one\.mjs/ })
      .first()
      .waitFor();
    const { run } = await rig.service('one');
    await page.getByRole('button', { name: 'Restart', exact: true }).click();
    await rig.eventually(async () => (await rig.service('one')).run !== run, 'another run');
    await page
      .getByRole('row', { name: /one\.mjs/ })
      .first()
      .waitFor();
    await page.getByRole('row', { name: /shared\.mjs/ }).waitFor();
  });

  it('lists what it loaded, and who else did', async () => {
    const { page } = seen;
    await page.getByRole('tab', { name: 'Files' }).click();
    const picture = page.getByLabel('Imports');
    await picture
      .locator('.box.shared title', { hasText: 'lib/shared.mjs, also loaded by two' })
      .waitFor({ state: 'attached' });
    await picture
      .locator('.arrow title', { hasText: 'servers/one.mjs imports lib/shared.mjs' })
      .waitFor({ state: 'attached' });
    const shared = page.getByRole('row', { name: /shared\.mjs/ });
    await shared.getByRole('link', { name: 'two' }).waitFor();
    expect(await shared.textContent()).toContain('servers/one.mjs');
    await page.getByLabel('Search files').fill('nothing');
    await shared.waitFor({ state: 'detached' });
  });

  it('shows its configuration, and no secret', async () => {
    const { page } = seen;
    await page.getByRole('tab', { name: 'Configuration' }).click();
    await page.getByText('node servers/one.mjs').waitFor();
    await page.getByText('green').waitFor();
    await page.getByText('rotated at 10MB, 3 kept').waitFor();
    await page.getByText('API_TOKEN').waitFor();
    expect(await page.content()).not.toContain('hunter2');
  });

  it('restarts it', async () => {
    const { page } = seen;
    const before = (await rig.service('one')).run ?? 0;
    await page.getByRole('button', { name: 'Restart', exact: true }).click();
    await page.getByText('Restarted one').waitFor();
    await page.getByText('asked for in the dashboard').first().waitFor();
    await rig.eventually(async () => ((await rig.service('one')).run ?? 0) > before, 'another run');
  });

  it('has its place in the timeline and in the graph', async () => {
    const { page } = seen;
    await open('/timeline?minutes=5');
    await page.locator('.mark[data-shape=edit] title').first().waitFor({ state: 'attached' });
    expect(await page.locator('.mark[data-shape=edit] title').first().textContent()).toContain(
      'lib/shared.mjs',
    );
    await page.getByRole('button', { name: '24 h' }).click();
    expect(page.url()).toContain('minutes=1440');
    await open('/graph');
    await page.locator('.arrow title', { hasText: 'two waits for one' }).waitFor({ state: 'attached' });
    await page.getByRole('row', { name: /shared\.mjs/ }).waitFor();
    await page.locator('.box', { hasText: 'two' }).click();
    await page.getByRole('heading', { name: 'two' }).waitFor();
  });

  it('keeps what is set: theme and editor', async () => {
    const { page } = seen;
    await page.keyboard.press(',');
    await page.getByLabel('Dark', { exact: true }).check();
    await page.getByLabel('Files open in').selectOption('Zed');
    await page.keyboard.press('Escape');
    await open('/service/one?tab=loads');
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe('dark');
    const link = page.getByRole('table').getByRole('link', { name: 'lib/shared.mjs' });
    expect(await link.getAttribute('href')).toBe(`zed://file${encodeURI(rig.path('lib/shared.mjs'))}:1:1`);
  });

  it('keeps CPU and memory of the day, also when the page was left', async () => {
    const { upkeep } = await openGateway(rig);
    await seen.page.goto('about:blank');
    await rig.eventually(async () => (await upkeep.usage('one')).points.length > 0, 'an average is kept');
    const [point] = (await upkeep.usage('one', { since: '1h' })).points;
    expect(point?.memory).toBeGreaterThan(1e6);
  });
});
