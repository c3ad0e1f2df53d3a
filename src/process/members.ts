/** The processes of a run now: who is below it, and who says in its environment that it belongs to it. */
import type { ProcessId } from '../contract/process-id.ts';
import type { Processes, ProcessInfo } from '../platform/proc.ts';
import type { LiveRun } from './live-run.ts';
import { treeOf } from './tree.ts';

export interface MembersWorld {
  processes: Processes;
  /** Empty where orphans do not come back to the shim. */
  subreaper: string[];
  mark: { workspace: string; service: string };
}

/** `before`: kernel start time of the service's next run, whose orphans come back to the same shim; null when there is none. */
export function membersOf(
  live: LiveRun,
  others: LiveRun[],
  shim: ProcessId | null,
  before: number | null,
  world: MembersWorld,
): ProcessInfo[] {
  const tree = treeOf(world.processes.all(), {
    leader: live.process,
    shim,
    others: others.map((other) => other.process).filter((process) => process !== null),
    wrappers: new Set([live, ...others].map((each) => each.wrapper)),
    marked: comesBack(live, shim, world) ? new Set() : marked(live, world),
    before,
  });
  // In the very tick in which the newer run began, only its environment tells whose an orphan is.
  const says = (pid: number) => isMarked(live, world.processes.environment(pid));
  return before === null ? tree : tree.filter(({ pid, start }) => start < before || says(pid));
}

/** Whether the orphans of a run come back to a shim that lives: one that was killed has left them to others. */
function comesBack(live: LiveRun, shim: ProcessId | null, { subreaper }: MembersWorld): boolean {
  return subreaper.length > 0 && shim !== null && (live.process === null || live.process.start >= shim.start);
}

/** Without a subreaper, escaped processes are known only by the mark in their environment. */
function marked(live: LiveRun, { processes, mark }: MembersWorld): Set<number> {
  const found = [...processes.environments()].filter(
    ([, environment]) =>
      environment.get('UPKEEP_WORKSPACE') === mark.workspace &&
      environment.get('UPKEEP_SERVICE') === mark.service &&
      isMarked(live, environment),
  );
  return new Set(found.map(([pid]) => pid));
}

/** What came from standby began under another name than its number. */
function isMarked({ run, mark }: LiveRun, environment: Map<string, string> | null): boolean {
  const says = environment?.get('UPKEEP_RUN');
  return says === mark || says === String(run);
}
