/** One curve over time, by uPlot: drawn on a canvas, so its words stand beside it for those who do not see it. */
import { createEffect, createSignal, type JSX, on, onCleanup, onMount, Show } from 'solid-js';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { settings } from '../data/settings.ts';
import { clock } from '../parts/words.ts';

interface Props {
  title: string;
  figure: string;
  /** Epoch s. */
  at: number[];
  values: (number | null)[];
  format(value: number | null | undefined): string;
  /** The least that the full height stands for. */
  floor: number;
  points?: boolean;
  stepped?: boolean;
}

const HEIGHT = 110;

export function Chart(props: Props): JSX.Element {
  let place: HTMLDivElement | undefined;
  let plot: uPlot | undefined;
  const [scheme, setScheme] = createSignal(0);
  const data = (): uPlot.AlignedData => [props.at, props.values];
  const draw = () => {
    if (place === undefined) return;
    plot?.destroy();
    plot = new uPlot(optionsOf(props, place), data(), place);
  };
  onMount(() => {
    const dark = window.matchMedia('(prefers-color-scheme: dark)');
    const onScheme = () => setScheme((count) => count + 1);
    dark.addEventListener('change', onScheme);
    const observer = new ResizeObserver(
      ([entry]) => entry && plot?.setSize({ width: entry.contentRect.width, height: HEIGHT }),
    );
    if (place !== undefined) observer.observe(place);
    onCleanup(() => {
      dark.removeEventListener('change', onScheme);
      observer.disconnect();
      plot?.destroy();
    });
  });
  createEffect(on([() => settings.theme, scheme], () => requestAnimationFrame(draw)));
  createEffect(on(data, (now) => plot?.setData(now), { defer: true }));
  return (
    <figure class="chart">
      <figcaption>
        <span>{props.title}</span>
        <strong>{props.figure}</strong>
      </figcaption>
      <div ref={place} aria-hidden="true" class="plot" classList={{ blank: props.at.length < 2 }} />
      <Show when={props.at.length < 2}>
        <p class="too-little">Too little to draw yet</p>
      </Show>
    </figure>
  );
}

/** With seconds only where lines are less than a minute apart. */
function timeWords(at: number, [first = 0, second = 0]: number[]): string {
  return clock(at * 1000, { day: false }).slice(0, second - first < 60 ? 8 : 5);
}

function optionsOf({ format, floor, points, stepped }: Props, place: HTMLElement): uPlot.Options {
  const style = getComputedStyle(place);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const font = `11px ${style.fontFamily}`;
  const axis = {
    stroke: colour('--muted'),
    font,
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
  };
  return {
    width: place.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
    scales: { y: { range: (_, __, max) => [0, Math.max(floor, (max ?? 0) * 1.15)] } },
    axes: [
      { ...axis, size: 22, space: 76, values: (_, ticks) => ticks.map((at) => timeWords(at, ticks)) },
      {
        ...axis,
        size: 58,
        space: 34,
        gap: 4,
        values: (_, ticks) => ticks.map((each) => format(each)),
      },
    ],
    padding: [8, 24, 0, 0],
    series: [
      {},
      {
        stroke: colour('--accent'),
        width: 1.5,
        fill: points ? '' : colour('--accent-faint'),
        points: { show: points === true, size: 5, fill: colour('--accent') },
        ...(stepped === true && { paths: uPlot.paths.stepped?.({ align: 1 }) ?? null }),
      },
    ],
  } as uPlot.Options;
}
