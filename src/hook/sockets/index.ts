/**
 * The hook's part in seamless restarts. Where sockets are held, an app's bind and listen are looked at; all the rest is
 * compiled at the first bind, and what sends clients away when the run is to go.
 */
import { early } from '../early.ts';
import type { Report } from '../report.ts';
import type { Binder } from './binder.ts';
import { watchListens } from './listens.ts';
import { tcpBinding } from './natives.ts';
import type { Setting } from './taking.ts';

/** `isMain`: in the main thread, which alone takes them. */
export function installSockets(report: Report, env: NodeJS.ProcessEnv, isMain: boolean): void {
  const sockets = env['UPKEEP_SOCKETS'] ?? '';
  const tcp = sockets === '' ? null : tcpBinding();
  if (tcp === null) return;
  // Now: apps change their environment.
  const setting: Setting = {
    sockets,
    control: env['UPKEEP_CONTROL'],
    gate: env['UPKEEP_GATE'],
    report: env['UPKEEP_REPORT'],
    isMain,
  };
  const begin = (): Binder | null => {
    try {
      const { binderOf } = require('./taking.ts') as typeof import('./taking.ts');
      return binderOf(tcp, report, setting, early);
    } catch {
      return null;
    }
  };
  watchListens(tcp, begin);
}
