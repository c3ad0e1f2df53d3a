/**
 * The daemon's side of `upkeep status` without Node: a named pipe in `.upkeep`, into which src/cli/door.sh writes a
 * line, and the pipe that it names for the answer. An idle pipe costs nothing; the code for it is compiled at the first question.
 */
import { closeSync, constants, fstatSync, lstatSync, openSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import type { DaemonRecord } from '../../contract/daemon-record.ts';
import { listFolder } from '../../platform/files.ts';
import type { WorkspacePaths } from '../../platform/paths.ts';
import type { Processes } from '../../platform/proc.ts';
import { makeFifo } from '../../process/fifo.ts';
import { openAnswer, removePipe, removeUnheard } from './answer.ts';
import { answerWith, askName, DECLINED, parseAsk } from './ask.ts';
import { lookAround } from './words.ts';

export interface Door {
  /** Whatever was there is replaced. Where it cannot be made, `status` goes without. Resolves when it is done. */
  open(): Promise<void>;
  /** Opens it anew, soon, where it was removed; not before it was opened. */
  renew(): void;
  close(): void;
}

/** No line that is meant is as long, in characters. */
const LONGEST_LINE = 4_096;

/** Only where /proc tells a shell whether the daemon lives. */
export function createDoor(
  { own }: WorkspacePaths,
  { process: self, version }: DaemonRecord,
  processes: Processes,
): Door {
  const path = join(own, askName(self, version));
  let isMeant = false;
  let isBeingMade = false;
  let reader: Reader | null = null;
  const clear = () => {
    reader?.stop();
    reader = null;
    for (const name of listFolder(own)) if (name.startsWith('ask-')) removePipe(join(own, name));
  };
  const open = async () => {
    if (isBeingMade || process.platform !== 'linux' || process.env['UPKEEP_PLATFORM'] !== undefined) return;
    isMeant = true;
    isBeingMade = true;
    try {
      clear();
      removeUnheard(own, processes);
      rmSync(path, { force: true });
      await makeFifo(path);
      reader = read(path, (lines) => answerAll(own, lines, processes));
    } catch {
      // No mkfifo(1), or a file system without pipes.
    }
    isBeingMade = false;
  };
  return {
    open,
    renew() {
      if (isMeant && lstatSync(path, { throwIfNoEntry: false })?.ino !== (reader?.inode ?? null)) void open();
    },
    close: clear,
  };
}

interface Reader {
  inode: number;
  stop(): void;
}

function read(path: string, onLines: (lines: string[]) => void): Reader {
  // For writing, too: it has no end then, whoever comes and goes.
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  const found = fstatSync(fd);
  if (!found.isFIFO()) {
    closeSync(fd);
    throw new Error(`${path} is not a named pipe`);
  }
  const socket = new Socket({ fd, readable: true, writable: false });
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop()?.slice(0, LONGEST_LINE) ?? '';
    onLines(lines);
  });
  socket.on('error', () => undefined);
  socket.unref();
  return { inode: found.ino, stop: () => void socket.destroy() };
}

function answerAll(own: string, lines: string[], processes: Processes): void {
  const textFor = lookAround();
  for (const line of lines) {
    const ask = parseAsk(line);
    const say = ask === null ? null : openAnswer(join(own, ask.answer));
    if (ask === null || say === null) continue;
    const { wish } = ask;
    const text = wish === null ? Promise.resolve(null) : textFor(wish.cwd, wish.look);
    text.then(
      (text) => say(text === null ? DECLINED : answerWith(text)),
      () => say(DECLINED),
    );
  }
  removeUnheard(own, processes);
}
