/** Only the rows that are seen are in the page. */
import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type VirtualItem,
  Virtualizer,
} from '@tanstack/virtual-core';
import { createComputed, createSignal, onCleanup, onMount } from 'solid-js';

interface Options {
  count(): number;
  /** Of the row at an index: its measured height is kept by it. */
  key(index: number): string;
  scroller(): HTMLElement | undefined;
  /** px that a row is high until it has been measured. */
  estimate: number;
  /** What is seen was kept in its place while rows above it were measured: nobody has scrolled. */
  onShift(): void;
}

export interface VirtualRows {
  items(): VirtualItem[];
  total(): number;
  measure(row: HTMLElement): void;
  /** Forgets what has been measured: all rows are of another height now. */
  forget(): void;
  scrollTo(index: number, align: 'start' | 'center' | 'end' | 'auto'): void;
}

export function createVirtualRows({ count, key, scroller, estimate, onShift }: Options): VirtualRows {
  const [version, setVersion] = createSignal(0);
  const changed = () => setVersion((before) => before + 1);
  const scrollToFn: typeof elementScroll<HTMLElement> = (offset, how, instance) => {
    elementScroll(offset, how, instance);
    // Only `scrollTo` says how.
    if (how.behavior === undefined) onShift();
  };
  const options = () => ({
    count: count(),
    getScrollElement: () => scroller() ?? null,
    estimateSize: () => estimate,
    // A new function each time: the same count may mean other rows.
    getItemKey: (index: number) => key(index),
    overscan: 12,
    observeElementRect,
    observeElementOffset,
    scrollToFn,
    onChange: changed,
  });
  const virtualizer = new Virtualizer<HTMLElement, HTMLElement>(options());
  onMount(() => {
    onCleanup(virtualizer._didMount());
    virtualizer._willUpdate();
  });
  createComputed(() => {
    virtualizer.setOptions(options());
    virtualizer._willUpdate();
    changed();
  });
  return {
    items: () => {
      version();
      return virtualizer.getVirtualItems();
    },
    total: () => {
      version();
      return virtualizer.getTotalSize();
    },
    measure: (row) => virtualizer.measureElement(row),
    forget: () => virtualizer.measure(),
    scrollTo: (index, align) => virtualizer.scrollToIndex(index, { align }),
  };
}
