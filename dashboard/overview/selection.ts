/** Which services are shown, which row has the keys, and which are selected. */
import { createMemo, createRoot, createSignal } from 'solid-js';
import type { ServiceStatus } from '../../src/contract/status.ts';
import { go, route, withQuery } from '../app/route.ts';
import { report } from '../data/live.ts';

const [selected, setSelected] = createSignal<ReadonlySet<string>>(new Set());
const [current, setCurrent] = createSignal<string | null>(null);

export { current, selected, setCurrent, setSelected };

export const search = (): string => route().query.get('q') ?? '';
export const group = (): string => route().query.get('group') ?? '';
export const setSearch = (text: string): void => go(withQuery({ q: text }), { replace: true });
export const setGroup = (name: string): void => go(withQuery({ group: name }), { replace: true });

export function isShown(service: ServiceStatus, text: string, inGroup: string): boolean {
  if (inGroup !== '' && !service.groups.includes(inGroup)) return false;
  const all = [service.name, service.description, service.state, service.url ?? '', ...service.groups];
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.some((each) => each.toLowerCase().includes(word)));
}

/** For as long as the page is there. */
export const { shown, groupNames } = createRoot(() => ({
  shown: createMemo(() => report.services.filter((service) => isShown(service, search(), group()))),
  groupNames: createMemo(() => [...new Set(report.services.flatMap(({ groups }) => groups))].sort()),
}));

/** The row that has the keys, unless it is filtered out: nothing is done to what one does not see. */
export const currentShown = (): string | null =>
  shown().some(({ name }) => name === current()) ? current() : null;

export function toggle(name: string): void {
  setSelected((before) => {
    const after = new Set(before);
    if (!after.delete(name)) after.add(name);
    return after;
  });
}

/** What a command means: those selected; else none, which is all that are shown. */
export function meant(): string[] {
  const names = shown().map(({ name }) => name);
  const chosen = names.filter((name) => selected().has(name));
  return chosen.length > 0 ? chosen : names;
}

export function move(by: number): void {
  const names = shown().map(({ name }) => name);
  const at = names.indexOf(current() ?? '');
  const next = names[Math.max(0, Math.min(names.length - 1, at + by))];
  if (next === undefined) return;
  setCurrent(next);
  const row = document.getElementById(`row-${next}`);
  row?.scrollIntoView({ block: 'nearest' });
  // What had the focus before would be pressed by Enter.
  row?.querySelector<HTMLElement>('th a')?.focus({ preventScroll: true });
}
