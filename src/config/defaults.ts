/** What holds when a person says nothing. Times in ms, sizes in bytes. */
export const DEFAULTS = {
  logDir: '.server-logs',
  readyTimeout: 30_000,
  /** How often a readiness command is asked. */
  readyInterval: 1000,
  restart: { policy: 'always', delay: null, maxFailures: 5, window: 60_000 },
  stop: { signal: 'SIGTERM', grace: 5000, drain: 5000 },
  logs: { maxSize: 10 * 1024 * 1024, keep: 3 },
} as const;
