/** Chromium, driven by Playwright, looking at the dashboard of a rig's workspace. */
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { openGateway } from '../e2e/gateway-rig.ts';
import type { Rig } from '../rig/rig.ts';

const PROGRAM = process.env.UPKEEP_CHROMIUM ?? '/usr/bin/chromium';

/** For `describe.skipIf`: says so once. */
export const WITHOUT_CHROMIUM = !existsSync(PROGRAM);
if (WITHOUT_CHROMIUM) console.warn(`The tests of the dashboard are skipped: there is no ${PROGRAM}.`);

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: PROGRAM, args: FLAGS });
}

export interface Look {
  page: Page;
  context: BrowserContext;
  /** What went wrong in the page: errors, refusals by the content security policy, requests to elsewhere. */
  faults: string[];
}

/** Signed in by a one-time link, at the overview. */
export async function look(
  browser: Browser,
  rig: Rig,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<Look> {
  const { url, address } = await openGateway(rig);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text()))
      faults.push(message.text());
  });
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith('http') && origin !== address) faults.push(`asked ${request.url()}`);
  });
  await page.goto(url);
  await page.getByText('Live', { exact: true }).first().waitFor();
  return { page, context, faults };
}

/** Its row in the overview. */
export function row(page: Page, name: string) {
  return page.locator(`#row-${name}`);
}

export async function showsState(page: Page, name: string, word: string): Promise<void> {
  await row(page, name).locator('.state', { hasText: word }).waitFor();
  expect((await row(page, name).locator('.state').textContent())?.trim()).toBe(word);
}
