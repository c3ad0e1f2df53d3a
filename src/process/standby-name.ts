/** The names of the folders of standbys: `standby-1-4ca0b8d0-mx17o1ka` says through which slot of the shim it speaks, and in which boot. */
import { join } from 'node:path';
import { listFolder } from '../platform/files.ts';
import { linkAt, recordedRuns, runFolder, STANDBY_PREFIX } from './run-folder.ts';

/** `boot`: see `Processes.bootId`. Never given twice. */
export function standbyName(slot: number, boot: string): string {
  return `${STANDBY_PREFIX}${slot}-${shortened(boot)}-${Date.now().toString(36)}`;
}

/** Those that became no run; `slot` is null where the name says nothing, or tells of another boot. */
export function leftStandbys(
  runs: string,
  service: string,
  boot: string,
): { name: string; slot: number | null }[] {
  const names = listFolder(join(runs, service)).filter((name) => name.startsWith(STANDBY_PREFIX));
  if (names.length === 0) return [];
  const used = new Set(recordedRuns(runs, service).map((run) => linkAt(runFolder(runs, service, run).path)));
  return names.filter((name) => !used.has(name)).map((name) => ({ name, slot: slotIn(name, boot) }));
}

function slotIn(name: string, boot: string): number | null {
  const [, slot, its] = /^standby-(\d)-([^-]+)-/.exec(name) ?? [];
  return slot === undefined || its !== shortened(boot) ? null : Number(slot);
}

function shortened(boot: string): string {
  return boot.replaceAll(/\W/g, '').slice(0, 8);
}
