// The dashboard in a real browser, with the eleven servers: what it costs, how soon it is there, how soon a line is.
import { launchChromium, whyNoChromium } from '../lib/chromium.mjs';
import { commandLine, cpuMs, parentOf, pids } from '../lib/proc.mjs';
import { valueRow } from '../lib/rows.mjs';
import { NAMES } from '../lib/tooloo.mjs';
import { makeTooloo, makeWorkspace } from '../lib/upkeep.mjs';
import { settle, sleep, until } from '../lib/wait.mjs';

export async function measure(context) {
  const why = whyNoChromium();
  if (why !== null) return rows({ paint: [], interactive: [], shown: [], cpu: [] }, why);
  const eleven = makeTooloo(context, 'dashboard');
  const talker = makeWorkspace(context, 'dashboard-talker', {
    ticks: { command: [process.execPath, `${context.bench}/programs/ticks.cjs`], watch: false },
  });
  const browser = await launchChromium(context);
  try {
    await eleven.command('start');
    await talker.command('start');
    const opened = await openings(browser, eleven, context.quick ? 5 : 20);
    const shown = await lines(browser, talker, context.quick ? 60 : 300);
    const { cpu, own } = await watched(browser, eleven, context.quick ? 20 : 60);
    return rows({ ...opened, shown, cpu: [cpu] }, `the browser itself: ${own.toFixed(1)} %`);
  } finally {
    await browser.close();
    await eleven.stopAll();
    await talker.stopAll();
  }
}

/** Each in a window that has nothing of it yet. */
async function openings(browser, workspace, count) {
  const found = { paint: [], interactive: [] };
  for (let round = 0; round < count; round++) {
    const page = await newPage(browser, (rowCount) => {
      const look = () => {
        const isLive = document.querySelectorAll('.services tbody tr').length === rowCount;
        if (!isLive || !document.body.textContent.includes(`${rowCount} of ${rowCount} ready`))
          return requestAnimationFrame(look);
        window.interactiveAt = performance.now();
        console.log('interactive');
      };
      document.addEventListener('DOMContentLoaded', look);
    });
    // The window is drawn as well. And a page that is asked while it loads has more to do: this one says it by itself.
    await sleep(2000);
    const interactive = page.waitForEvent('console', (message) => message.text() === 'interactive');
    await page.goto(await link(workspace), { waitUntil: 'commit' });
    await interactive;
    await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
    const times = await page.evaluate(() => ({
      paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
      interactive: window.interactiveAt,
    }));
    found.paint.push(times.paint);
    found.interactive.push(times.interactive);
    await page.context().close();
  }
  return found;
}

/** From the moment at which a line is printed, which it says itself, to the frame in which it is shown. */
async function lines(browser, workspace, count) {
  const page = await open(browser, workspace, () => {
    window.delays = [];
    const seen = new Set();
    const look = () => {
      for (const line of document.querySelectorAll('.line')) {
        const [, number, at] = /tick (\d+) (\d+)/.exec(line.textContent) ?? [];
        if (number === undefined || seen.has(number)) continue;
        seen.add(number);
        window.delays.push(Date.now() - Number(at));
      }
    };
    document.addEventListener('DOMContentLoaded', () =>
      new MutationObserver(() => requestAnimationFrame(look)).observe(document.body, {
        childList: true,
        subtree: true,
        characterData: true,
      }),
    );
  });
  await page.goto(new URL('/logs?services=ticks', page.url()).href);
  await page.locator('.line').first().waitFor();
  await sleep(1000);
  // Those that were there when the page was opened.
  await page.evaluate(() => {
    window.delays.length = 0;
  });
  await until(
    'lines in the browser',
    async () => (await page.evaluate(() => window.delays.length)) >= count,
    {
      timeout: 240_000,
      interval: 500,
    },
  );
  const delays = await page.evaluate(() => window.delays);
  await page.context().close();
  return delays.slice(0, count);
}

/** CPU of the daemon and the gateway, while the overview is open and shows figures that change. */
async function watched(browser, workspace, seconds) {
  const page = await open(browser, workspace, () => {});
  await page.getByText(`${NAMES.length} of ${NAMES.length} ready`).waitFor();
  await settle();
  const ours = [workspace.daemonPid(), gatewayOf(workspace.folder)];
  const theirs = browserPids();
  const spent = (group) => group.reduce((sum, pid) => sum + cpuMs(pid), 0);
  const before = [spent(ours), spent(theirs)];
  const began = performance.now();
  await sleep(seconds * 1000);
  const took = performance.now() - began;
  const share = (group, at) => ((spent(group) - before[at]) / took) * 100;
  const found = { cpu: share(ours, 0), own: share(theirs, 1) };
  await page.context().close();
  return found;
}

/** `prepare` runs in each document of it, before anything else. */
async function newPage(browser, prepare) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.addInitScript(prepare, NAMES.length);
  return page;
}

async function open(browser, workspace, prepare) {
  const page = await newPage(browser, prepare);
  await page.goto(await link(workspace));
  return page;
}

async function link(workspace) {
  return JSON.parse(await workspace.command('open', '--json')).url;
}

function gatewayOf(folder) {
  const found = pids().find(
    (pid) => /gateway\.cjs/.test(commandLine(pid)) && commandLine(pid).endsWith(folder),
  );
  if (found === undefined) throw new Error('no gateway runs');
  return found;
}

/** All below us: we have started nothing else that lives on. */
function browserPids() {
  const isBelow = (pid) => pid === process.pid || (pid > 1 && isBelow(parentOf(pid)));
  return pids().filter((pid) => /chromium/.test(commandLine(pid)) && isBelow(pid));
}

function rows({ paint, interactive, shown, cpu }, note) {
  const row = (id, title, unit, upkeep, aim) =>
    valueRow({
      id,
      title,
      unit,
      samples: { upkeep },
      aim,
      note: id === 'dashboard-cpu' || upkeep.length === 0 ? note : '',
    });
  return [
    row('dashboard-cpu', 'daemon and gateway, dashboard open on eleven servers', '%', cpu, 1),
    row('dashboard-line', 'log line printed to line shown in the browser', 'ms', shown, 100),
    row('dashboard-paint', 'dashboard: first paint', 'ms', paint, null),
    row('dashboard-interactive', 'dashboard: all services shown and live', 'ms', interactive, 500),
  ];
}
