// Takes the pictures of the dashboard in docs/ from a real run: node tools/dashboard-pictures.mjs [FOLDER] [--shift=N]
// A copy of examples/tooloo is started; its servers are edited, killed and broken; Chromium looks at it.
// The ports of the example have to be free, or --shift=N moves all of them. Without FOLDER: those that the docs show, into docs/dashboard.
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const CLI = join(ROOT, 'dist/upkeep.cjs');
const CHROMIUM = process.env.UPKEEP_CHROMIUM ?? '/usr/bin/chromium';
const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 390, height: 844 };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { shift: { type: 'string', default: '0' } },
});
/** What the docs show. */
const SHOWN = ['overview', 'crashed-dark', 'logs', 'timeline'];
const folder = resolve(positionals[0] ?? join(ROOT, 'docs/dashboard'));
const base = realpathSync(mkdtempSync(join(tmpdir(), 'upkeep-pictures-')));
const workspace = join(base, 'tooloo');
const env = { ...process.env, UPKEEP_RUNTIME_DIR: join(base, 'run') };

const owned = /^(?:node_modules|\.upkeep|\.server-logs|\.server-daemon-state\.json)$/;
cpSync(join(ROOT, 'examples/tooloo'), workspace, {
  recursive: true,
  filter: (path) => !owned.test(path.split('/').pop()),
});
symlinkSync(join(ROOT, 'node_modules'), join(workspace, 'node_modules'));
for (const file of ['upkeep.config.js', 'engine/directory.js']) shiftPorts(join(workspace, file));
mkdirSync(folder, { recursive: true });

let browser;
try {
  upkeep('start');
  const { url } = JSON.parse(upkeep('open', '--json'));
  browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  const context = await browser.newContext({ viewport: WIDE, colorScheme: 'light', deviceScaleFactor: 1.5 });
  const page = await context.newPage();
  page.on('console', (message) => message.type() === 'error' && console.error('page:', message.text()));
  page.on('pageerror', (error) => console.error('page:', error));
  await page.goto(url);
  await page.getByText('11 of 11 ready').waitFor();
  await live(page);
  await takeCalm(page);
  await takeTrouble(page);
  await takeEnds(page);
} finally {
  await browser?.close();
  upkeep('open', '--end');
  upkeep('stop');
  rmSync(base, { recursive: true, force: true });
}

/** A working day, in half a minute. */
async function live(page) {
  for (const [name, times] of [
    ['training-server', 3],
    ['coach-server', 1],
    ['web-server', 2],
  ]) {
    for (let time = 0; time < times; time++) {
      const run = service(name).run;
      appendFileSync(join(workspace, `servers/${name}.js`), '// edited\n');
      await until(() => service(name).run > run && service(name).ready);
    }
  }
  appendFileSync(join(workspace, 'engine/scoring.cjs'), '\n// edited\n');
  process.kill(service('cup-server').pid, 'SIGKILL');
  await until(() => service('cup-server').ready);
  const asked = ['/', '/health', '/nothing-here', '/api', '/health'];
  for (let round = 0; round < 12; round++) {
    for (const { url } of status().services)
      for (const path of asked)
        await fetch(new URL(path, url)).then(
          (answer) => answer.text(),
          () => {},
        );
    await pause(1000);
  }
  await page.bringToFront();
}

async function takeCalm(page) {
  await both(page, 'overview', '/', () => page.getByRole('table').waitFor());
  await both(page, 'logs', '/logs', () => page.locator('.line').first().waitFor());
  await both(page, 'service', '/service/training-server', () => page.locator('.run').first().waitFor());
  await both(page, 'graph', '/graph', () => page.locator('.box').first().waitFor());
  await both(page, 'timeline', '/timeline?minutes=5', () => page.locator('.bar').first().waitFor());
  await both(page, 'files', '/service/training-server?tab=loads', async () => {
    await page.locator('.imports .box').first().waitFor();
    await page.locator('.imports').scrollIntoViewIfNeeded();
  });
  await one(page, 'configuration', '/service/training-server?tab=config', () =>
    page.getByText('Written in').waitFor(),
  );
  await page.goto(new URL('/', page.url()).href);
  await page.getByRole('table').waitFor();
  await page.keyboard.press('?');
  await shot(page, 'keys');
  await page.keyboard.press('Escape');
}

/** An edit that fails, and a server that crashes over and over. */
async function takeTrouble(page) {
  const broken = join(workspace, 'servers/coach-server.js');
  const before = readFileSync(broken, 'utf8');
  writeFileSync(broken, `${before}\nthrow new TypeError('hints.map is not a function');\n`);
  writeFileSync(
    join(workspace, 'servers/meta-server.js'),
    "console.log('reading flags');\nthrow new Error('flags.json: Unexpected end of JSON input');\n",
  );
  process.kill(service('meta-server').pid, 'SIGKILL');
  await until(
    () => service('meta-server').state === 'crashed' && service('coach-server').editFailed !== null,
    60_000,
  );
  await both(page, 'trouble', '/', () => page.getByText('is parked').first().waitFor());
  await both(page, 'crashed', '/service/meta-server', () => page.locator('.frame').first().waitFor());
  await one(page, 'crash-loop', '/timeline?minutes=5', () => page.locator('.bar').first().waitFor());
  await one(page, 'errors', '/logs?levels=error,fatal', () => page.locator('.line').first().waitFor());
  await page.locator('.line').last().click();
  await shot(page, 'line');
}

async function takeEnds(page) {
  await one(page, 'no-lines', '/logs?q=nothing%20like%20this&only=1', () =>
    page.getByText('No line passes').waitFor(),
  );
  await one(page, 'no-service', '/service/nobody', () => page.getByText('No service is called').waitFor());
  await page.goto(new URL('/', page.url()).href);
  await page.getByRole('table').waitFor();
  upkeep('open', '--end');
  await page.getByText('What you see may be old').waitFor();
  await shot(page, 'not-connected');
}

/** Wide in both themes, and narrow. */
async function both(page, name, path, ready) {
  await one(page, name, path, ready);
  await page.emulateMedia({ colorScheme: 'dark' });
  await pause(400);
  await shot(page, `${name}-dark`);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(NARROW);
  await page.reload();
  await ready();
  await pause(400);
  await shot(page, `${name}-narrow`);
  await page.setViewportSize(WIDE);
}

async function one(page, name, path, ready) {
  await page.goto(new URL(path, page.url()).href);
  await ready();
  await pause(600);
  await shot(page, name);
}

async function shot(page, name) {
  if (positionals.length === 0 && !SHOWN.includes(name)) return;
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

function shiftPorts(file) {
  const by = Number(values.shift);
  if (by === 0) return;
  const text = readFileSync(file, 'utf8').replace(/\b3\d{3}\b/g, (port) => String(Number(port) + by));
  writeFileSync(file, text);
}

function upkeep(...args) {
  return execFileSync(process.execPath, [CLI, ...args], { cwd: workspace, env, encoding: 'utf8' });
}

function status() {
  return JSON.parse(upkeep('status', '--json'));
}

function service(name) {
  return status().services.find((each) => each.name === name);
}

async function until(holds, within = 20_000) {
  const deadline = Date.now() + within;
  while (!holds()) {
    if (Date.now() > deadline)
      throw new Error(`waited in vain: ${JSON.stringify(status().services, null, 1)}`);
    await pause(100);
  }
}
