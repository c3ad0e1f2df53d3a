/** What must be true now: who is wanted, which code runs, how runs must have ended, and what may go wrong for once. */
import type { Exit } from '../src/contract/facts.ts';
import type { Role } from './room/cast.ts';

/** Requests may fail from here on, until the fault has been settled. */
export interface Excuse {
  readonly service: string;
  /** Epoch ms. */
  readonly from: number;
  /** `null`: any number, of any kind. Otherwise so many that were inside a process when it died. */
  readonly most: number | null;
}

export class Model {
  readonly wanted: Set<string>;
  /** The newest version of each service's code. */
  readonly versions: Map<string, number>;
  readonly excuses: Excuse[] = [];
  /** Lives that were ended by a fault, and the exit that is to be known of each. */
  readonly ends = new Map<string, Exit>();
  /** Lives of which the exit cannot be known: what writes it down was killed or removed too. */
  readonly unknowable = new Set<string>();
  /** Services that may have said why they could not listen: what held their port was killed. */
  readonly noisy = new Set<string>();
  /** Services whose children may outlive them: the shim to which they come back was killed. */
  readonly unswept = new Set<string>();

  constructor(roles: readonly Role[]) {
    this.wanted = new Set(roles.map(({ name }) => name));
    this.versions = new Map(roles.map(({ name }) => [name, 1]));
  }

  excuse(service: string, most: number | null): void {
    // A request that is inside the process now may have been begun a little earlier; its failure comes later.
    this.excuses.push({ service, from: Date.now(), most });
  }
}
