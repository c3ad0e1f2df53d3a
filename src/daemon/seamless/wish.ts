/** What is to be held for a service, and what a run must be told of it. */
import type { ResolvedService } from '../../contract/config.ts';
import {
  CONTROL_VARIABLE,
  formatSockets,
  GATE_VARIABLE,
  type GateSetting,
  SOCKETS_VARIABLE,
} from '../../contract/sockets.ts';
import { languageOf } from '../../languages/index.ts';
import { type HeldRecord, type HoldWish, listenFdsLines } from '../../process/held-record.ts';
import type { Launch } from '../../process/launch-script.ts';
import { modeOf } from './mode.ts';

/** Null: nothing. A Node program has a hook that takes the sockets; others know systemd's way, or do not. */
export function wishOf(spec: ResolvedService): HoldWish | null {
  if (modeOf(spec) === 'plain') return null;
  return { way: languageOf(spec.command, spec.cwd) === 'node' ? 'hook' : 'listen-fds', ports: spec.ports };
}

/** `control`: where the run is to make its control socket. */
export function tellOfSockets(
  held: HeldRecord,
  control: string,
  gate: GateSetting,
): Required<Pick<Launch, 'env' | 'before'>> {
  if (held.way === 'listen-fds') return { env: {}, before: listenFdsLines(held) };
  const env = {
    [SOCKETS_VARIABLE]: formatSockets(held.sockets),
    [CONTROL_VARIABLE]: control,
    [GATE_VARIABLE]: gate,
  };
  return { env, before: [] };
}
