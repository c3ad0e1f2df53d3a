/**
 * A program that is handed a socket (LISTEN_FDS) and listens on that port by itself all the same fails by what Upkeep
 * holds for it. It is plain from then on, until its configuration says something else. That is kept in no file of its
 * own: the state of the service has the reason, and the configuration that it was launched by is the plain one.
 */
import type { ResolvedService } from '../../contract/config.ts';
import { configHash } from '../config-hash.ts';
import { portInLastWords } from '../port-owner.ts';
import { chooseMode, type ModeChoice } from './mode.ts';

export const UNFIT =
  'it listens on its port by itself, where Upkeep held a socket for it; have it take that socket (LISTEN_FDS), or write "mode: plain"';

/** The second half of "Address already in use", as Python has it without the port; others name it. */
const IN_USE = /EADDRINUSE|address already in use/i;

/** `held`: the ports of the sockets that it was handed. */
export function isUnfit(lastWords: readonly string[], held: readonly number[]): boolean {
  const text = lastWords.join('\n');
  if (!IN_USE.test(text)) return false;
  const port = portInLastWords(text);
  return port === null || held.includes(port);
}

export function asPlain(spec: ResolvedService): ResolvedService {
  return { ...spec, mode: 'plain' };
}

/** What becomes of a configuration. `before`: the reason of the mode so far, and the hash of what it was launched by. */
export function fitted(
  spec: ResolvedService,
  before: { reason: string | null; hash: string | undefined },
): ModeChoice & { spec: ResolvedService } {
  const plain = asPlain(spec);
  const stays = before.reason === UNFIT && spec.mode !== 'plain' && before.hash === configHash(plain);
  return stays ? { spec: plain, mode: 'plain', why: UNFIT } : { spec, ...chooseMode(spec) };
}
