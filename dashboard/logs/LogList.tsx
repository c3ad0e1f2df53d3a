/** The lines: follows the end, loads older ones above and newer ones below as one scrolls. */
import { createEffect, createMemo, For, type JSX, on, Show } from 'solid-js';
import type { ApiLine } from '../../src/contract/api/logs.ts';
import { settings } from '../data/settings.ts';
import type { Feed } from './feed.ts';
import { LogLine } from './LogLine.tsx';
import { createVirtualRows } from './virtual-rows.ts';

const ROW = 20;
/** px from an edge at which more is loaded. */
const NEAR = 400;

export interface ListHandle {
  show(id: string): boolean;
  /** Index of the line in the middle. */
  middle(): number;
  focus(): void;
}

export function LogList(props: {
  feed: Feed;
  marks: RegExp | null;
  withService: boolean;
  selected: string | null;
  onSelect(line: ApiLine | null): void;
  ref(handle: ListHandle): void;
}): JSX.Element {
  let scroller: HTMLDivElement | undefined;
  let before = 0;
  const lines = () => props.feed.lines();
  const rows = createVirtualRows({
    count: () => lines().length,
    key: (index) => lines()[index]?.id ?? String(index),
    scroller: () => scroller,
    estimate: ROW,
    onShift: () => {
      if (props.feed.live()) toBottom();
      else before = scroller?.scrollTop ?? 0;
    },
  });
  const seen = createMemo(() => {
    const items = rows.items();
    const first = items[0]?.index ?? 0;
    return { first, start: items[0]?.start ?? 0, lines: lines().slice(first, first + items.length) };
  });

  const middle = () => seen().first + Math.floor(seen().lines.length / 2);

  const toBottom = () => {
    if (scroller === undefined) return;
    scroller.scrollTop = scroller.scrollHeight;
    before = scroller.scrollTop;
  };
  createEffect(
    on([lines, rows.total, () => props.feed.live()], () => {
      if (props.feed.live()) toBottom();
    }),
  );

  createEffect(
    on(
      () => settings.wrap,
      () => {
        const at = middle();
        rows.forget();
        if (!props.feed.live()) requestAnimationFrame(() => rows.scrollTo(at, 'center'));
      },
      { defer: true },
    ),
  );

  const loadAbove = async () => {
    if (scroller === undefined) return;
    const anchor = lines()[seen().first];
    const added = await props.feed.loadOlder();
    if (added === 0 || anchor === undefined) return;
    scroller.scrollTop += added * ROW;
    before = scroller.scrollTop;
  };
  const onScroll = () => {
    if (scroller === undefined) return;
    const { scrollTop, scrollHeight, clientHeight } = scroller;
    const isUp = scrollTop < before - 1;
    // What `toBottom` did is heard of later as well, perhaps after somebody has paused: that is nobody who scrolls down.
    const isDown = scrollTop > before;
    before = scrollTop;
    const below = scrollHeight - scrollTop - clientHeight;
    if (isUp && below > ROW && props.feed.live()) props.feed.pause();
    if (isUp && scrollTop < NEAR) loadAbove();
    if (isDown && below < NEAR && !props.feed.live()) props.feed.loadNewer(below <= ROW);
  };

  props.ref({
    show: (id) => {
      const index = lines().findIndex((line) => line.id === id);
      if (index === -1) return false;
      rows.scrollTo(index, 'center');
      return true;
    },
    middle,
    focus: () => scroller?.focus(),
  });

  const step = (by: number) => {
    const at = lines().findIndex(({ id }) => id === props.selected);
    const next = lines()[at === -1 ? middle() : at + by];
    if (next === undefined) return;
    props.feed.pause();
    props.onSelect(next);
    rows.scrollTo(lines().indexOf(next), 'auto');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      step(event.key === 'ArrowDown' ? 1 : -1);
    }
  };

  return (
    <div
      class="log-lines"
      classList={{ wrap: settings.wrap }}
      ref={scroller}
      role="log"
      aria-live="off"
      aria-label="Log lines"
      tabindex="0"
      onScroll={onScroll}
      onKeyDown={onKeyDown}
    >
      <div class="log-total" style={{ height: `${rows.total()}px` }}>
        <div class="log-seen" style={{ transform: `translateY(${seen().start}px)` }}>
          <For each={seen().lines}>
            {(line, index) => (
              <LogLine
                line={line}
                index={seen().first + index()}
                marks={props.marks}
                withService={props.withService}
                selected={props.selected === line.id}
                onSelect={() => props.onSelect(props.selected === line.id ? null : line)}
                measure={settings.wrap ? rows.measure : undefined}
              />
            )}
          </For>
        </div>
      </div>
      <Show when={props.feed.loading()}>
        <p class="log-loading" aria-hidden="true">
          Loading…
        </p>
      </Show>
    </div>
  );
}
