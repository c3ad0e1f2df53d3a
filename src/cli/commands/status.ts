import { defineCommand } from 'citty';
import { currentReport } from '../../client/current-report.ts';
import { findRoot } from '../../client/workspace.ts';
import type { ServiceStatus } from '../../contract/status.ts';
import { outputColours } from '../colours.ts';
import { namesArg } from '../names-arg.ts';
import { printNow } from '../output.ts';
import { renderStatus } from '../render/status.ts';
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
    const text = args.json
      ? JSON.stringify(shown, null, 2)
      : renderStatus(shown, Date.now(), terminalWidth(), await outputColours());
    const isPrinted = printNow(`${text}\n`);
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
