/** Keys that do things. Each place says which it knows while it is there; the help lists them all. */
import { createSignal, onCleanup } from 'solid-js';
import { settings } from '../data/settings.ts';

export interface Key {
  /** As `KeyboardEvent.key` has it. */
  key: string;
  /** In the imperative: what it does. */
  does: string;
  /** Not again and again while it is held down. */
  once?: boolean;
  run(): void;
}

export interface KeyGroup {
  title: string;
  keys: Key[];
}

const [groups, setGroups] = createSignal<readonly KeyGroup[]>([]);

export { groups as keyGroups };

/** Within a component: as long as it lives. */
export function useKeys(group: KeyGroup): void {
  setGroups((all) => [...all, group]);
  onCleanup(() => setGroups((all) => all.filter((each) => each !== group)));
}

export function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !settings.keys) return;
  if (
    isTyping(event.target) ||
    document.querySelector('[role=dialog],[role=menu],[role=alertdialog]') !== null
  )
    return;
  const found = groups()
    .toReversed()
    .flatMap(({ keys }) => keys)
    .find(({ key }) => key === event.key);
  if (found === undefined || (event.key === 'Enter' && isPressable(event.target))) return;
  event.preventDefault();
  if (!(event.repeat && found.once)) found.run();
}

/** Enter is its own: what has the focus is meant, and not the row that it stands in. */
function isPressable(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('a,button,summary') !== null;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) &&
    !(target instanceof HTMLInputElement && target.type === 'checkbox')
  );
}
