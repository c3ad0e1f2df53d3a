/** When a service has a process on standby, and which services can have one. Pure but for the scripts of package.json. */
import type { ResolvedService } from '../../contract/config.ts';
import { NOT_AHEAD } from '../../contract/standby.ts';
import { languageOf } from '../../languages/index.ts';
import { commandPrograms } from '../../platform/command-programs.ts';
import { isAtRest, type Service } from '../../supervisor/state.ts';
import { doneAhead } from './ahead.ts';

/** `keep`: one that is there may stay, and none is prepared. */
export type StandbyWish = 'prepare' | 'keep' | 'none';

/** Prepared while a run serves and nothing else is on its way; kept while another run is, since that may take it. */
export function standbyWish(service: Service): StandbyWish {
  const { spec, wanted, state, restartAsked } = service;
  if (spec.standby === false || !wanted || isAtRest(service)) return 'none';
  if (state.kind !== 'ready' || state.successor !== null || restartAsked !== null) return 'keep';
  return spec.standby === true || isWorkedOn(service) ? 'prepare' : 'none';
}

/** It has been restarted since somebody started it, or should have been. */
function isWorkedOn({ restarts, state }: Service): boolean {
  return restarts > 0 || (state.kind === 'ready' && state.failedEdit !== null);
}

/** Why its processes cannot wait, in words that follow "no standby: "; null when nothing speaks against it. */
export function standbyProblem(
  { command, cwd, env }: Pick<ResolvedService, 'command' | 'cwd' | 'env'>,
  hasSessions: boolean,
): string | null {
  if (languageOf(command, cwd) !== 'node') return 'its command is not known to start a Node program';
  const ahead = doneAhead(command, cwd);
  if (ahead !== null) return `its command runs ${ahead} before its Node program`;
  if (!hasSessions) return 'neither setsid nor perl is installed';
  const words = [
    ...commandPrograms(command, cwd).flatMap((program) => program.words),
    ...(env['NODE_OPTIONS'] ?? '').split(' '),
  ];
  const option = words.find((word) => NOT_AHEAD.test(word));
  return option === undefined ? null : `Node carries out ${option.split('=')[0]} before it could wait`;
}
