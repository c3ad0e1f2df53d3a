/** Standard output that may go away while services still have to be stopped: a closed terminal, a quit pager. */

export interface Output {
  write(text: string): void;
  /** Nobody reads any more. */
  close(): void;
}

/** `onGone`: nobody reads any more. */
export function steadyOutput(stdout: NodeJS.WriteStream, onGone: () => void): Output {
  let gone = false;
  // Elsewhere a reader that is gone ends the command; here it first stops what it started.
  // EPIPE: a pipe's reader is gone; EIO: the terminal is (tty_ioctl(4), after a hangup).
  stdout.removeAllListeners('error');
  stdout.on('error', () => {
    if (gone) return;
    gone = true;
    onGone();
  });
  return {
    write(text) {
      if (!gone && text !== '') stdout.write(text);
    },
    close() {
      gone = true;
    },
  };
}
