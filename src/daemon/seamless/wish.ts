/** What is to be held for a service, and what a run must be told of it. */
import type { ResolvedService } from '../../contract/config.ts';
import {
  CONTROL_VARIABLE,
  formatSockets,
  GATE_VARIABLE,
  type GateSetting,
  HELD_ADDRESSES,
  SOCKETS_VARIABLE,
} from '../../contract/sockets.ts';
import { languageOf } from '../../languages/index.ts';
import { type HeldRecord, type HoldWish, listenFdsLines } from '../../process/held-record.ts';
import type { Launch } from '../../process/launch-script.ts';
import { modeOf } from './mode.ts';

/** Null: nothing. A Node program has a hook that takes the sockets; others know systemd's way, or do not. */
export function wishOf(spec: ResolvedService): HoldWish | null {
  if (modeOf(spec) === 'plain') return null;
  if (languageOf(spec.command, spec.cwd) === 'node') return { way: 'hook', ports: spec.ports };
  // Nobody tells where such a program would listen: its HOST may.
  const host = HELD_ADDRESSES.find((address) => address === spec.env['HOST']);
  return { way: 'listen-fds', ports: spec.ports, ...(host === undefined ? {} : { host }) };
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
