/** The logs in a real browser: many lines, all that one looks for in them, and a flood. */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createRig, type Rig } from '../rig/rig.ts';
import { type Look, launch, look, WITHOUT_CHROMIUM } from './browser.ts';

/** More than is ever held in the page at once. */
const MANY = 60_000;

/** Prints old lines at its start, and more when it is asked over HTTP: `/flood` until `/calm`, `/say?text=`. */
const TALKER = `
import { createServer } from 'node:http';
const say = (text) => process.stdout.write(text + '\\n');
let flood;
let block = '';
for (let n = 1; n <= ${MANY}; n++) block += 'old line ' + n + '\\n';
process.stdout.write(block);
say('\\u001b[31mred\\u001b[39m and \\u001b[38;5;208morange\\u001b[0m');
say(JSON.stringify({ level: 50, time: 1, msg: 'payment refused', order: 17 }));
say('TypeError: x is not a function\\n    at pay (' + process.cwd() + '/servers/pay.js:12:7)');
say('<script>document.title = "owned"</script><img src=x onerror=alert(1)>');
createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://x');
  if (pathname === '/say') say(searchParams.get('text'));
  if (pathname === '/flood') {
    let round = 0;
    flood = setInterval(() => {
      round++;
      let text = '';
      for (let n = 0; n < 1000; n++) text += 'flood ' + round + ' ' + n + '\\n';
      process.stdout.write(text);
    }, 100);
  }
  if (pathname === '/calm') {
    clearInterval(flood);
    say('the flood is over');
  }
  response.end('ok');
}).listen(Number(process.env.PORT));
`;

describe.skipIf(WITHOUT_CHROMIUM)('the logs', () => {
  let browser: Browser;
  let rig: Rig;
  let seen: Look;
  let talker: string;

  beforeAll(async () => {
    browser = await launch();
    rig = await createRig();
    const port = await rig.port();
    talker = `http://127.0.0.1:${port}`;
    rig.write('servers/talker.mjs', TALKER);
    rig.configure({ talker: { command: 'node servers/talker.mjs', port }, quiet: {} });
    await rig.ok('start');
    seen = await look(browser, rig);
  });
  afterAll(async () => {
    await browser?.close();
    await rig?.dispose();
  });
  afterEach(() => expect(seen.faults.splice(0)).toEqual([]));

  const open = async (query = '?services=talker') => {
    await seen.page.goto(new URL(`/logs${query}`, seen.page.url()).href);
    await seen.page.locator('.line').first().waitFor();
    return seen.page;
  };
  const say = (text: string) => fetch(`${talker}/say?text=${encodeURIComponent(text)}`);
  const line = (text: string) => seen.page.locator('.line', { hasText: text });

  /** px that the line's lower edge is below that of the list. */
  const belowEnd = (text: string) =>
    line(text)
      .last()
      .evaluate((its) => {
        const list = its.closest('.log-lines');
        return its.getBoundingClientRect().bottom - (list?.getBoundingClientRect().bottom ?? 0);
      });

  it('shows what is printed at once, with its colours, and nothing of it as HTML', async () => {
    const page = await open();
    await line('red and orange').waitFor();
    expect(await page.locator('.ansi-fg-red').first().textContent()).toBe('red');
    await page.emulateMedia({ colorScheme: 'dark' });
    const orange = page.locator('.line', { hasText: 'orange' }).locator('span[style]').last();
    expect(await orange.evaluate((its) => getComputedStyle(its).color)).toBe('rgb(255, 135, 0)');
    await page.emulateMedia({ colorScheme: 'light' });
    await line('<script>document.title').waitFor();
    expect(await page.title()).toContain('Upkeep');
    await say('progress 10%\rprogress 20%\rprogress 100%');
    await say('hello from now');
    await line('hello from now').waitFor();
    expect(await line('progress').locator('.text').textContent()).toBe('progress 100%');
    await line('progress').click();
    await page.getByLabel('Text of the line').getByText('progress 10%').waitFor();
    await page.keyboard.press('Escape');
  });

  it('recognises a JSON line, and shows all of it when it is clicked', async () => {
    const page = await open();
    const found = line('payment refused');
    expect(await found.getAttribute('data-level')).toBe('error');
    expect(await found.textContent()).toContain('order=17');
    await found.click();
    await page.getByLabel('Text of the line').getByText('"order": 17').waitFor();
    await page.keyboard.press('Escape');
    await page.getByLabel('Text of the line').waitFor({ state: 'detached' });
  });

  it('opens the file of a stack frame in the editor', async () => {
    const page = await open();
    const link = page.getByRole('link', { name: /servers\/pay\.js:12:7/ });
    expect(await link.getAttribute('href')).toBe(
      `vscode://file${encodeURI(rig.path('servers/pay.js'))}:12:7`,
    );
  });

  it('scrolls through more lines than it holds, up to the first and back', async () => {
    const page = await open();
    const list = page.getByRole('log');
    await page.waitForFunction(
      async () => {
        const element = document.querySelector('.log-lines');
        if (element === null) return false;
        element.scrollTop = 0;
        await new Promise((resolve) => requestAnimationFrame(resolve));
        const isFirst = [...document.querySelectorAll('.line')].some((each) =>
          each.textContent?.endsWith('old line 1'),
        );
        // On a busy machine the page learns only later that somebody has scrolled away from the end.
        return isFirst && document.body.textContent?.includes('Go live');
      },
      null,
      { timeout: 60_000, polling: 20 },
    );
    expect(await page.locator('.line').count()).toBeLessThan(200);
    const height = await list.evaluate((element) => element.scrollHeight);
    expect(height).toBeLessThan(20 * 12_000);
    await page.getByRole('button', { name: 'Go live' }).click();
    await line('hello from now').waitFor();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
  });

  it('goes to the first line that is kept by Home, and back to the end by End', async () => {
    const page = await open();
    await line('hello from now').waitFor();
    await page.getByRole('log').focus();
    await page.keyboard.press('Home');
    await page.locator('.line .text').getByText('old line 1', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Go live' }).waitFor();
    await page.keyboard.press('End');
    await line('hello from now').waitFor();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
  });

  it('searches: marks, steps to a match that is far away, and shows only matches', async () => {
    const page = await open();
    await page.keyboard.press('/');
    await page.keyboard.type('line 4321');
    await page.keyboard.press('Enter');
    await page.locator('.line[data-selected]', { hasText: 'old line 43219' }).waitFor();
    expect(await page.locator('.line[data-selected] mark').textContent()).toBe('line 4321');
    await page.getByRole('button', { name: 'Only matches' }).click();
    await line('old line 4321').last().waitFor();
    await rig.eventually(async () => (await page.locator('.line').count()) === 11, 'eleven matches');
    await say('a new line 4321 comes live');
    await line('comes live').waitFor();
    await page.getByRole('searchbox').fill('/([/');
    await page.getByText('Invalid regular expression').waitFor();
  });

  it('filters by level, steps to the error above, and says when nothing passes', async () => {
    const page = await open();
    await page.getByRole('log').focus();
    await page.keyboard.press('e');
    await page.locator('.line[data-selected][data-level=error]').waitFor();
    await page.getByRole('button', { name: 'error', exact: true }).click();
    await rig.eventually(async () => (await page.locator('.line').count()) === 2, 'two errors');
    await page.getByRole('button', { name: 'error', exact: true }).click();
    await page.getByRole('button', { name: 'trace', exact: true }).click();
    await page.getByText('No line passes these filters').waitFor();
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await line('hello from now').waitFor();
  });

  it('leads back to a line by its link, and to a time', async () => {
    const page = await open();
    await seen.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await line('payment refused').click();
    await page.getByRole('button', { name: 'Copy link' }).click();
    await page.getByText('Copied the link').waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    await page.goto(link);
    await page.locator('.line[data-selected]', { hasText: 'payment refused' }).waitFor();
    await page.getByLabel('Go to a time, for example 14:02 or 10m').fill('1h');
    await page.keyboard.press('Enter');
    await page.locator('.line[data-selected]', { hasText: 'old line 1' }).waitFor();
  });

  it('wraps: the last line stays in sight, and no gap is left when it is over', async () => {
    const page = await open();
    await line('red and orange').waitFor();
    for (let n = 0; n < 5; n++) await say(`${n} ${'long '.repeat(120)}`);
    await say('the last of the long ones');
    const last = line('the last of the long ones');
    await last.waitFor();
    const wrap = page.getByRole('button', { name: 'Wrap lines' });
    const was = (await wrap.getAttribute('aria-pressed')) === 'true';
    for (const wrapped of [!was, was]) {
      await wrap.click();
      await rig.eventually(
        async () => {
          const [its, list] = [await last.boundingBox(), await page.locator('.log-lines').boundingBox()];
          if (its === null || list === null) return false;
          const gap = list.y + list.height - (its.y + its.height);
          return gap >= -1 && gap < 40;
        },
        `it is at the end, ${wrapped ? 'wrapped' : 'in one line'}`,
      );
    }
  });

  it('opens at the end and stays there when lines are wrapped, until one scrolls up', async () => {
    const page = await open();
    await page.setViewportSize({ width: 600, height: 700 });
    const wrap = page.getByRole('button', { name: 'Wrap lines' });
    await wrap.click();
    await page.reload();
    await line('red and orange').waitFor();
    for (let n = 0; n < 3; n++) {
      await say(`wrapped ${n} ${'long '.repeat(60)}`);
      await line(`wrapped ${n}`).waitFor();
      await rig.eventually(async () => Math.abs(await belowEnd(`wrapped ${n}`)) < 2, 'it is at the end');
      expect(await page.getByRole('button', { name: 'Pause' }).count()).toBe(1);
    }
    await page.locator('.log-lines').hover();
    await page.mouse.wheel(0, -300);
    await page.getByRole('button', { name: 'Go live' }).waitFor();
    await wrap.click();
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it('shows a line of many rows in one, all of its matches marked, when lines are not wrapped', async () => {
    await open('?services=talker&q=boom');
    await line('red and orange').waitFor();
    const stack = `Error: boom${'\n    at pay (/shop/pay.js:12:7)'.repeat(12)}\nboom`;
    await say(JSON.stringify({ level: 'info', message: 'first\nsecond', stack }));
    await say('after the stack');
    await line('after the stack').waitFor();
    const row = line('first⏎second stack=Error: boom⏎    at pay (/shop/pay.js:12:7)⏎');
    for (const width of [390, 1280]) {
      await seen.page.setViewportSize({ width, height: 800 });
      expect((await row.boundingBox())?.height).toBe(20);
    }
    expect(await row.locator('mark').allTextContents()).toEqual(['boom', 'boom']);
    expect(await row.getByRole('link').count()).toBe(12);
    await rig.eventually(async () => Math.abs(await belowEnd('after the stack')) < 2, 'it is at the end');
  });

  it('goes to any time that the API understands, and says when it is none', async () => {
    const page = await open();
    await line('red and orange').waitFor();
    const goTo = page.getByLabel('Go to a time, for example 14:02 or 10m');
    await goTo.fill('1h30m');
    await page.keyboard.press('Enter');
    await page.locator('.line[data-selected]', { hasText: 'old line 1' }).waitFor();
    await page.getByRole('button', { name: 'Go live' }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await goTo.fill('teatime');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
  });

  it('a pause lasts while one looks about near the end, until one scrolls down to it', async () => {
    const page = await open();
    await line('red and orange').waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    const height = () => page.locator('.log-total').evaluate((element) => element.clientHeight);
    const before = await height();
    await page.locator('.log-lines').hover();
    await page.mouse.wheel(0, -300);
    await say('said while it is paused');
    await rig.eventually(async () => {
      await page.mouse.wheel(0, 20);
      return (await height()) > before;
    }, 'newer lines are loaded');
    expect(await page.getByRole('button', { name: 'Go live' }).count()).toBe(1);
    await page.mouse.wheel(0, 5_000);
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await say('said when it is live again');
    await line('said when it is live again').waitFor();
  });

  it('does not freeze when ten thousand lines a second come', async () => {
    const page = await open();
    await fetch(`${talker}/flood`);
    await line('flood 3 ').first().waitFor();
    // Whoever clicks is answered while it goes on.
    for (let round = 0; round < 3; round++) {
      await page.getByRole('button', { name: 'Pause' }).click();
      await page.getByRole('button', { name: 'Go live' }).click();
    }
    expect(await line('the flood is over').count()).toBe(0);
    await fetch(`${talker}/calm`);
    await line('the flood is over').waitFor();
    expect(await page.locator('.line').count()).toBeLessThan(200);
  });
});
