/**
 * What src/cli/door.sh writes into the daemon's pipe, a line for each who asks: `1 PID table|json WIDTH|- y|n FOLDER`
 * (who waits for the answer, how it is to look, whether with colours, where they are). Anybody who may act as this
 * user can write there, so a line may hold anything. Pure.
 */
import type { ProcessId } from '../../contract/process-id.ts';
import type { Look } from '../../status/text.ts';

export interface Ask {
  /** Name of the pipe in `.upkeep` where the answer is waited for. */
  answer: string;
  /** Null: not to be understood. It is declined, and whoever asked finds out by themselves. */
  wish: { cwd: string; look: Look | null } | null;
}

/** Null: there is nobody to be answered. */
export function parseAsk(line: string): Ask | null {
  const [, pid, rest = ''] = /^1 (\d{1,10}) (.*)$/.exec(line) ?? [];
  if (pid === undefined) return null;
  const [, form, width, colours, cwd] = /^(table|json) (\d{1,5}|-) ([yn]) (\/.*)$/.exec(rest) ?? [];
  const look = { width: width === '-' ? null : Number(width), colours: colours === 'y' };
  const wish = cwd === undefined ? null : { cwd, look: form === 'json' ? null : look };
  return { answer: `answer-${pid}`, wish };
}

/** So that a shell finds the one of its own version, and can tell whether that daemon lives. */
export function askName({ pid, start }: ProcessId, version: string): string {
  return `ask-${pid}-${start}-${version}`;
}

/** Which process waits at the pipe of this name; null when it is not one for answers. */
export function whoWaits(name: string): number | null {
  const pid = /^answer-(\d+)$/.exec(name)?.[1];
  return pid === undefined ? null : Number(pid);
}

/** A shell reads byte by byte: beyond this many characters Node is as quick. It also fits into a pipe, see pipe(7). */
const LONGEST = 32_768;

export const DECLINED = 'no\n';

/** As the shell reads it: no line of the text, which ends with a line's end, can be taken for the end. A shell cannot hold NUL. */
export function answerWith(text: string): string {
  if (text.length > LONGEST || text.includes('\0')) return DECLINED;
  return `|${text.slice(0, -1).replaceAll('\n', '\n|')}\nend\n`;
}
