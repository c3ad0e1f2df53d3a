// A browser without a window, as the dashboard's tests use it.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const PROGRAM = process.env.UPKEEP_CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Why nothing can be measured that needs one; null: it can. */
export function whyNoChromium() {
  return existsSync(PROGRAM) ? null : `not measured: there is no ${PROGRAM}`;
}

/** Playwright is a development dependency of the repository. */
export function launchChromium({ root, env, temp }) {
  const { chromium } = createRequire(join(root, 'package.json'))('playwright-core');
  return chromium.launch({ executablePath: PROGRAM, args: FLAGS, env: { ...env, TMPDIR: temp } });
}
