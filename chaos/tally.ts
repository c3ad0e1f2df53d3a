/** What the machine counted: each number comes from the outside, none from what the daemon says of itself. */
export class Tally {
  /** By name of the fault. */
  readonly faults = new Map<string, number>();
  /** Scenes that cannot be played on this machine, and why. */
  readonly leftOut: string[] = [];
  /** Points of the protocol at which somebody died. */
  readonly points = new Set<string>();
  /** Daemons that were killed, by whatever fault. */
  daemonKills = 0;
  asked = 0;
  /** Failed although nothing had happened to the process that was asked. */
  failed = 0;
  /** Were inside a process that was itself killed, or told to end. */
  died = 0;
  printed = 0;
  lost = 0;
  doubled = 0;
  garbled = 0;
  exits = 0;
  unknownExits = 0;
  /** Runs of a service beside the one that it should have. */
  duplicates = 0;
  /** Processes that a stop left, and bystanders that were touched. */
  leftBehind = 0;
  disturbed = 0;
  /** ms from kill -9 of the daemon to its next answer. */
  readonly back: number[] = [];
  /** The same of a bare server. */
  readonly bareBack: number[] = [];
  /** Both while the machine has nothing else to do. */
  readonly restBack: number[] = [];
  readonly restBareBack: number[] = [];

  count(fault: string): void {
    this.faults.set(fault, (this.faults.get(fault) ?? 0) + 1);
  }

  get injected(): number {
    return [...this.faults.values()].reduce((sum, count) => sum + count, 0);
  }
}

/** The value below which `share` of them lie; null for none. */
export function quantile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
}
