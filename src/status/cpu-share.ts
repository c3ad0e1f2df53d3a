/** CPU shares from two readings of used CPU time. Pure. */

export interface Usage {
  run: number;
  /** CPU ms used by the run's tree so far. */
  cpu: number;
  /** Epoch ms at which the run started. */
  since: number;
}

export interface Sample {
  /** Epoch ms. */
  at: number;
  services: Record<string, Usage>;
}

/** The kernel counts in steps of 10 ms: over less than this, in ms, a share means nothing. */
const SHORTEST = 900;
/** A look that is older than this, in ms, tells of another time. */
const LONGEST = 60_000;

/** Percent of one core since the last look, or since the start. `next`: the reading to keep, when the old one is spent. */
export function cpuShare(
  before: Sample | null,
  now: Sample,
): { shares: Map<string, number>; next: Sample | null } {
  const age = before === null ? Number.POSITIVE_INFINITY : now.at - before.at;
  const shares = new Map<string, number>();
  for (const [name, usage] of Object.entries(now.services)) {
    const earlier = age >= SHORTEST && age <= LONGEST ? before?.services?.[name] : undefined;
    const [used, span] =
      earlier !== undefined && earlier.run === usage.run && earlier.cpu <= usage.cpu
        ? [usage.cpu - earlier.cpu, age]
        : [usage.cpu, now.at - usage.since];
    shares.set(name, span <= 0 ? 0 : Math.round((used / span) * 1_000) / 10);
  }
  return { shares, next: age >= 0 && age < SHORTEST ? null : now };
}
