/** What is looked at: all of it stands in the address, so that it can be kept and shared. */
import type { Level } from '../../src/contract/api/logs.ts';
import { go, route, withQuery } from '../app/route.ts';
import { messageOf } from '../parts/words.ts';
import { type Wanted, wantedBy } from './pattern.ts';

export const LEVELS: Level[] = ['fatal', 'error', 'warn', 'info', 'debug', 'trace'];

const list = (name: string) => (route().query.get(name) ?? '').split(',').filter(Boolean);

export const services = (): string[] => list('services');
export const levels = (): Level[] => list('levels') as Level[];
export const typed = (): string => route().query.get('q') ?? '';
/** Only matching lines are shown; else matches are marked. */
export const onlyMatches = (): boolean => route().query.get('only') === '1';
export const run = (): number | null => Number(route().query.get('run')) || null;
export const at = (): string | null => route().query.get('at');
export const lineId = (): string | null => route().query.get('line');

export function change(changes: Record<string, string | undefined>): void {
  go(withQuery({ at: undefined, line: undefined, ...changes }), { replace: true });
}

export function wanted(): { wanted: Wanted | null; problem: string | null } {
  try {
    return { wanted: wantedBy(typed()), problem: null };
  } catch (error) {
    return { wanted: null, problem: messageOf(error) };
  }
}
