/** Where a service is to be found, as people are told. */
import type { ResolvedService } from '../contract/config.ts';
import { mask } from '../contract/mask.ts';

export interface Address {
  ports: number[];
  url: string | null;
}

export function addressOf({ ports, url }: ResolvedService): Address {
  return { ports, url: url === null ? null : mask(url) };
}
