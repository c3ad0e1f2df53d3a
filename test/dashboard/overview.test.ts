/** The overview in a real browser, on real services. */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openGateway } from '../e2e/gateway-rig.ts';
import { livingDaemon, nextDaemon } from '../e2e/support.ts';
import { createRig, type Rig } from '../rig/rig.ts';
import { type Look, launch, look, row, showsState, WITHOUT_CHROMIUM } from './browser.ts';
import { livingGateway } from './gateway.ts';

describe.skipIf(WITHOUT_CHROMIUM)('the overview', () => {
  let browser: Browser;
  let rig: Rig;
  let seen: Look;

  beforeAll(async () => {
    browser = await launch();
    rig = await createRig();
    rig.configure({
      api: { port: await rig.port(), group: 'backend', description: 'Answers' },
      db: { group: 'backend' },
      web: { port: await rig.port(), dependsOn: ['api'] },
    });
    await rig.ok('start');
    seen = await look(browser, rig);
  });
  afterAll(async () => {
    await browser?.close();
    await rig?.dispose();
  });
  afterEach(() => expect(seen.faults.splice(0)).toEqual([]));

  it('shows every service: state, url, process share', async () => {
    const { page } = seen;
    await page.getByText('3 of 3 ready').waitFor();
    await showsState(page, 'api', 'ready');
    const url = (await rig.service('api')).url ?? '';
    expect(
      await row(page, 'api')
        .getByRole('link', { name: url.replace('http://', '') })
        .getAttribute('href'),
    ).toBe(url);
    await row(page, 'api').getByText('MB').waitFor();
    expect(await page.title()).toContain('Upkeep');
  });

  it('stops, starts and restarts one, and the state follows', async () => {
    const { page } = seen;
    await page.getByRole('button', { name: 'Stop db' }).click();
    await showsState(page, 'db', 'stopped');
    await page.getByRole('button', { name: 'Start db' }).click();
    await showsState(page, 'db', 'ready');
    const before = (await rig.service('db')).run ?? 0;
    await page.getByRole('button', { name: 'Restart db' }).click();
    await row(page, 'db').getByText('restart (dashboard)').waitFor();
    await rig.eventually(async () => ((await rig.service('db')).run ?? 0) > before, 'a new run of db');
    await showsState(page, 'db', 'ready');
  });

  it('does the same for those that are selected, and asks before it stops all', async () => {
    const { page } = seen;
    await page.getByRole('checkbox', { name: 'Select db' }).check();
    await page.getByRole('button', { name: 'Stop 1 selected' }).click();
    await showsState(page, 'db', 'stopped');
    await showsState(page, 'web', 'ready');
    await page.getByRole('button', { name: 'Start all', exact: true }).click();
    await page.getByText('3 of 3 ready').waitFor();
  });

  it('finds by search and by group, in the address too', async () => {
    const { page } = seen;
    await page.keyboard.press('/');
    await page.keyboard.type('answ');
    await row(page, 'db').waitFor({ state: 'detached' });
    expect(await page.locator('tbody tr').count()).toBe(1);
    expect(page.url()).toContain('q=answ');
    await page.getByRole('searchbox').fill('');
    await page.getByRole('button', { name: 'backend' }).click();
    await row(page, 'web').waitFor({ state: 'detached' });
    expect(await page.locator('tbody tr').count()).toBe(2);
    await page.getByRole('button', { name: 'All', exact: true }).click();
    await row(page, 'web').waitFor();
  });

  it('is driven by keys, which ? lists', async () => {
    const { page } = seen;
    await page.locator('main').focus();
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keys' });
    await help.getByText('Restart it, or the selected').waitFor();
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('t');
    await showsState(page, 'db', 'stopped');
    await page.keyboard.press('s');
    await showsState(page, 'db', 'ready');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'db' }).waitFor();
    await page.keyboard.press('1');
    await row(page, 'db').waitFor();
  });

  it('shows what happened elsewhere, as it happens', async () => {
    const { page } = seen;
    await page.evaluate(() => {
      (window as { isSame?: boolean }).isSame = true;
    });
    await rig.ok('stop', 'db');
    await showsState(page, 'db', 'stopped');
    await rig.ok('start', 'db');
    await showsState(page, 'db', 'ready');
    expect(await page.evaluate(() => (window as { isSame?: boolean }).isSame)).toBe(true);
  });

  it('tells of a failed edit and of a parked service in the page, the title and the favicon', async () => {
    const { page } = seen;
    rig.write(rig.entry('api'), "throw new Error('no routes');\n");
    await showsState(page, 'api', 'edit failed');
    await page.getByText('failed to take over.').waitFor();
    expect(await page.title()).toMatch(/^\(1\) api run \d+ failed to take over/);
    rig.write(rig.entry('db'), "throw new Error('no schema');\n");
    await showsState(page, 'db', 'parked');
    await page.getByText('is parked.').waitFor();
    expect(await page.title()).toMatch(/^\(2\) /);
    expect(decodeURIComponent((await page.locator('link[rel=icon]').getAttribute('href')) ?? '')).toContain(
      '>2</text>',
    );
    await page.locator('.trouble', { hasText: 'db' }).getByRole('link', { name: 'Why' }).click();
    await page.getByText('Error: no schema').first().waitFor();
    await page.goBack();
    rig.fake('db');
    rig.fake('api', [{ do: 'listen', port: Number(new URL((await rig.service('api')).url ?? '').port) }]);
    await page.getByText('3 of 3 ready').waitFor();
    await page.locator('.trouble').first().waitFor({ state: 'detached' });
    expect(await page.title()).toMatch(/^Upkeep/);
  });

  it('goes on after kill -9 of the daemon', async () => {
    const { page } = seen;
    const daemon = livingDaemon(rig);
    process.kill(daemon.pid, 'SIGKILL');
    await nextDaemon(rig, daemon);
    await rig.ok('stop', 'db');
    await showsState(page, 'db', 'stopped');
    await page.getByRole('button', { name: 'Start db' }).click();
    await showsState(page, 'db', 'ready');
  });

  it('says that it is not connected after kill -9 of the gateway, and is again when there is one', async () => {
    const { page } = seen;
    process.kill(livingGateway(rig), 'SIGKILL');
    await page.getByText('What you see may be old').waitFor();
    expect(await page.title()).toContain('not connected');
    await rig.ok('stop', 'db');
    await rig.ok('open', '--no-browser');
    await page.getByText('What you see may be old').waitFor({ state: 'detached' });
    await showsState(page, 'db', 'stopped');
    await rig.ok('start', 'db');
  });

  it('tells of a port that is dead, and of a configuration that is older than the file', async () => {
    const { page } = seen;
    const port = Number(new URL((await rig.service('api')).url ?? '').port);
    const { services } = JSON.parse(rig.read('upkeep.config.json'));
    // Where Upkeep holds the port, its clients wait for the next run.
    services.api.mode = 'plain';
    rig.write('upkeep.config.json', JSON.stringify({ services }));
    await rig.ok('restart', '--hard', 'api');
    await rig.invocations('api').at(-1)?.do({ do: 'close', port });
    await rig.eventually(async () => !(await rig.service('api')).ready, 'nobody listens');
    await page.reload();
    await showsState(page, 'api', 'not answering');
    const needs = page.getByRole('region', { name: 'Needs attention' });
    await needs.getByText('does not answer').waitFor();
    await rig.ok('restart', 'api');
    await showsState(page, 'api', 'ready');
    services.db.env = { CHANGED: '1' };
    rig.write('upkeep.config.json', JSON.stringify({ services }));
    await rig.ok('start', 'web');
    await needs.getByText('runs with an older configuration').waitFor();
    await rig.ok('start');
    await needs.waitFor({ state: 'detached' });
  });

  it('comes back by itself from a configuration that is broken while nothing runs', async () => {
    const { page } = seen;
    const config = rig.read('upkeep.config.json');
    await rig.ok('stop');
    rig.write('upkeep.config.json', '{ "services": { "api": { "command": 7 } } }');
    await page.reload();
    const nothing = page.getByRole('heading', { name: 'There is nothing to show yet' });
    await nothing.waitFor();
    await page.getByText('upkeep.config.json').waitFor();
    await page.getByText('Waiting', { exact: true }).waitFor();
    expect(await page.getByText('What you see may be old').count()).toBe(0);
    expect(await page.getByText('not signed in').count()).toBe(0);
    expect(await page.title()).not.toContain('not connected');
    rig.write('upkeep.config.json', config);
    await nothing.waitFor({ state: 'detached' });
    await showsState(page, 'api', 'stopped');
    await rig.ok('start');
    await showsState(page, 'api', 'ready');
  });

  it('says what to do when the browser is not signed in', async () => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(new URL(seen.page.url()).origin);
    await page.getByText('This browser is not signed in').waitFor();
    await page.getByText('upkeep open').first().waitFor();
    await page.context().close();
  });

  it('says that a link has been used, and goes on where the browser is signed in', async () => {
    const { url } = await openGateway(rig);
    const other = await (await browser.newContext()).newPage();
    await other.goto(url);
    await row(other, 'api').waitFor();
    await other.context().close();
    const page = await (await browser.newContext()).newPage();
    expect((await page.goto(url))?.status()).toBe(403);
    await page.getByRole('heading', { name: 'This link has been used, or is too old' }).waitFor();
    await page.getByText('upkeep open').first().waitFor();
    await page.context().close();
    await seen.page.goto(url);
    await seen.page.getByText('That link had been used before').waitFor();
    await row(seen.page, 'api').waitFor();
    expect(new URL(seen.page.url()).pathname).toBe('/');
  });
});
