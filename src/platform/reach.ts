/**
 * Named points of the protocol at which the fault machine has a process stop or die: between a spawn and its record,
 * between an exit and what follows from it. Each of them is where a daemon that was killed leaves the least to its
 * successor.
 *
 * A point is armed by a file of its name in the folder UPKEEP_FAULTS, which says which signal and at which time of
 * reaching it ("KILL 2"). Without that variable nothing is asked and nothing is done. See docs/chaos.md.
 */
import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';

export const DAEMON_POINTS = [
  'launch-folder',
  'launch-told',
  'shim-spawned',
  'standby-told',
  'standby-linked',
  'standby-released',
  'ended-journaled',
  'ended-saved',
  'approved',
  'checkpoint-before',
  'checkpoint-written',
  'checkpoint-after',
  'spool-removed',
  'rotated',
  'snapshot-before',
  'atomic-before-rename',
  'terminated',
  'claimed',
  'recovered',
  'adopted',
  'listening',
  'recorded',
] as const;
export type DaemonPoint = (typeof DAEMON_POINTS)[number];

const folder = process.env['UPKEEP_FAULTS'];

export const reach: (point: DaemonPoint) => void = folder === undefined ? () => {} : armed(folder);

function armed(folder: string): (point: DaemonPoint) => void {
  const reached = new Map<DaemonPoint, number>();
  return (point) => {
    const file = join(folder, point);
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch {
      return;
    }
    const [signal = 'KILL', times = '1'] = text.trim().split(' ');
    const count = (reached.get(point) ?? 0) + 1;
    reached.set(point, count);
    if (count < Number(times)) return;
    reached.delete(point);
    // Once: the next daemon shall live.
    renameSync(file, `${file}.hit`);
    process.kill(process.pid, `SIG${signal}`);
  };
}
