/** A Procfile, as foreman and its relatives read it. */
import { parseProcfile, RELEASE } from '../read/procfile.ts';
import type { Service } from '../types.ts';
import { type Draft, readIfThere, type Skipped } from './draft.ts';
import { portInCommand } from './ports.ts';

export function importProcfile(root: string): Draft | null {
  const from = ['Procfile.dev', 'Procfile'].find((name) => readIfThere(root, name) !== null);
  if (from === undefined) return null;
  const env = readIfThere(root, '.env') === null ? {} : { envFile: '.env' };
  const services: Record<string, Service> = {};
  const skipped: Skipped[] = [];
  for (const { name, command } of parseProcfile(readIfThere(root, from) as string, from)) {
    if (name === RELEASE) {
      skipped.push({ name, reason: 'is run once at each release, not kept running' });
      continue;
    }
    const port = portInCommand(command);
    services[name] = { command, ...(port === null ? {} : { port }), ...env };
  }
  return { kind: 'procfile', from, services, skipped, notes: [] };
}
