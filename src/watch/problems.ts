/** What a person should know about watching, as one text: the problems that exist now, one a line. */
export interface Problems {
  /** Sets the problem of this key, or withdraws it (null). */
  set(key: string, message: string | null): void;
  /** Withdraws every problem whose key begins so. */
  withdraw(prefix: string): void;
}

export function createProblems(publish: (message: string | null) => void): Problems {
  const problems = new Map<string, string>();

  function tell(): void {
    publish(problems.size > 0 ? [...problems.values()].join('\n') : null);
  }

  return {
    set(key, message) {
      if ((problems.get(key) ?? null) === message) return;
      if (message === null) problems.delete(key);
      else problems.set(key, message);
      tell();
    },
    withdraw(prefix) {
      const keys = [...problems.keys()].filter((key) => key.startsWith(prefix));
      for (const key of keys) problems.delete(key);
      if (keys.length > 0) tell();
    },
  };
}

/** inotify(7): ENOSPC is the limit of watches, EMFILE the limit of instances (or of open files). */
export function pollingProblem(code: string): string {
  const looking = 'Files are looked at once a second instead';
  if (code === 'ENOSPC') return `No inotify watches left. ${looking}. ${raise('max_user_watches', 524_288)}`;
  if (code === 'EMFILE') return `No inotify instances left. ${looking}. ${raise('max_user_instances', 512)}`;
  return `A folder cannot be watched (${code}). ${looking}.`;
}

function raise(limit: string, to: number): string {
  return `To raise the limit: sudo sysctl fs.inotify.${limit}=${to}`;
}

export function ownWriteProblem(service: string, file: string): string {
  return (
    `${service} was restarted again and again by ${file}, each time soon after its own start: it seems to write ` +
    `that file itself, so its changes count only when it is then left alone for a while. ` +
    `To ignore it for good, add it to watch.ignore of ${service}.`
  );
}
