import { defineCommand } from 'citty';
import { currentReport } from '../../client/current-report.ts';
import { findRoot } from '../../client/workspace.ts';
import type { ServiceStatus } from '../../contract/status.ts';
import { statusText } from '../../status/text.ts';
import { wantsColours } from '../colours.ts';
import { namesArg } from '../names-arg.ts';
import { printNow } from '../output.ts';
import { terminalWidth } from '../terminal.ts';

export default defineCommand({
  meta: {
    name: 'status',
    description: 'show what runs, what does not, and why. Names, globs and groups narrow it down',
  },
  args: {
    names: namesArg,
    json: { type: 'boolean', description: 'print the facts as JSON' },
  },
  /**
   * Returns whether it went as it mostly does: then nothing is left to do, and the code that was compiled for it is
   * worth keeping.
   */
  async run({ args }): Promise<boolean> {
    const report = await currentReport(findRoot());
    const shown = { ...report, services: await chosen(args._, report.services) };
    const look = args.json ? null : { width: terminalWidth(), colours: wantsColours() };
    const isPrinted = printNow(await statusText(shown, Date.now(), look));
    return isPrinted && report.daemon !== null && !args.json && args._.length === 0;
  },
});

/** The globbing library is loaded only for those who narrow it down. */
async function chosen(selectors: string[], services: ServiceStatus[]): Promise<ServiceStatus[]> {
  if (selectors.length === 0) return services;
  const { selectServices } = await import('../../contract/select.ts');
  const names = selectServices(selectors, services);
  return services.filter((service) => names.includes(service.name));
}
