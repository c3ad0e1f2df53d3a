/** Services down, time across. Drawn as SVG: every bar and mark says what it is. */
import { createMemo, createSignal, For, type JSX, onCleanup, onMount, Show } from 'solid-js';
import { pageOf } from '../app/route.ts';
import { history } from '../data/history.ts';
import { report } from '../data/live.ts';
import { now } from '../data/now.ts';
import { clock } from '../parts/words.ts';
import { type Bar, barsOf, type Mark, marksOf, ticksOf } from './bars.ts';
import { textOf } from './words.ts';

interface Props {
  services: string[];
  minutes: number;
  /** Epoch ms at its right edge; now unless given. */
  end?: number | undefined;
  compact?: boolean;
}

const AXIS = 22;

export function TimelineChart(props: Props): JSX.Element {
  const [width, setWidth] = createSignal(600);
  let place: HTMLDivElement | undefined;
  onMount(() => {
    const observer = new ResizeObserver(
      ([entry]) => entry && setWidth(Math.max(280, entry.contentRect.width)),
    );
    if (place !== undefined) observer.observe(place);
    onCleanup(() => observer.disconnect());
  });
  const row = () => (props.compact ? 20 : 30);
  const label = () => (width() < 520 ? 96 : 150);
  const to = () => props.end ?? now();
  const from = () => to() - props.minutes * 60_000;
  const x = (at: number) => label() + ((at - from()) / (to() - from())) * (width() - label() - 8);
  const rowOf = createMemo(() => new Map(props.services.map((name, index) => [name, index])));
  const bars = createMemo(() => barsOf(history()));
  const marks = createMemo(() => marksOf(history()));
  const seenBars = () =>
    bars().filter((bar) => rowOf().has(bar.service) && (endOf(bar) ?? to()) >= from() && bar.from <= to());
  const seenMarks = () =>
    marks().filter(({ service, at }) => rowOf().has(service) && at >= from() && at <= to());
  const y = (service: string) => AXIS + (rowOf().get(service) ?? 0) * row();
  const height = () => AXIS + props.services.length * row() + 4;
  const clip = (at: number) => Math.max(label(), Math.min(width() - 8, x(at)));
  return (
    <div class="timeline" ref={place}>
      <svg viewBox={`0 0 ${width()} ${height()}`} width={width()} height={height()}>
        <title>{`${props.minutes} minutes of ${props.services.length} services`}</title>
        <For each={ticksOf(from(), to(), width() / 90)}>
          {(at) => (
            <g class="tick">
              <line x1={x(at)} x2={x(at)} y1={AXIS - 4} y2={height()} />
              <text x={x(at)} y={12} text-anchor="middle">
                {clock(at, { day: false }).slice(0, props.minutes < 10 ? 8 : 5)}
              </text>
            </g>
          )}
        </For>
        <For each={props.services}>
          {(name) => (
            <g>
              <line
                class="rule"
                x1={label()}
                x2={width() - 8}
                y1={y(name) + row() / 2}
                y2={y(name) + row() / 2}
              />
              <a href={pageOf.service(name)}>
                <title>{name}</title>
                <text class="name" x={0} y={y(name) + row() / 2 + 4}>
                  {short(name, label() < 100 ? 13 : 21)}
                </text>
              </a>
            </g>
          )}
        </For>
        <For each={seenBars()}>
          {(bar) => (
            <Stretch
              bar={bar}
              x={clip}
              y={y(bar.service) + row() / 2}
              height={props.compact ? 8 : 12}
              end={endOf(bar) ?? to()}
            />
          )}
        </For>
        <For each={seenMarks()}>
          {(mark) => (
            <g
              class="mark"
              data-tone={mark.tone}
              data-shape={mark.shape}
              transform={`translate(${x(mark.at).toFixed(1)} ${y(mark.service) + row() / 2})`}
            >
              <title>{`${clock(mark.at)} ${mark.service} ${textOf(mark.happening)}`}</title>
              <path d={MARKS[mark.shape]} />
            </g>
          )}
        </For>
      </svg>
      <Show when={!props.compact}>
        <Legend />
      </Show>
    </div>
  );
}

function Stretch(props: {
  bar: Bar;
  x(at: number): number;
  y: number;
  height: number;
  end: number;
}): JSX.Element {
  const part = (from: number, to: number) => ({
    x: props.x(from),
    width: Math.max(1.5, props.x(to) - props.x(from)),
    y: props.y - props.height / 2,
    height: props.height,
    rx: 2,
  });
  const readyAt = () => props.bar.readyAt ?? props.end;
  return (
    <g class="bar" data-crashed={props.bar.crashed && props.bar.readyAt === null ? '' : undefined}>
      <title>{`${props.bar.service} run ${props.bar.run}, ${clock(props.bar.from)} to ${props.bar.to === null ? 'now' : clock(props.bar.to)}${props.bar.crashed ? ', crashed' : ''}`}</title>
      <rect class="starting" {...part(props.bar.from, readyAt())} />
      <Show when={props.bar.readyAt !== null}>
        <rect class="ready" {...part(readyAt(), props.end)} />
      </Show>
    </g>
  );
}

/** The end of a run that nobody saw end: it is not the one that runs now. */
function endOf(bar: Bar): number | null {
  if (bar.to !== null) return bar.to;
  const service = report.services.find(({ name }) => name === bar.service);
  const lives =
    service?.run === bar.run || service?.successor?.run === bar.run || service?.draining.includes(bar.run);
  return lives && service?.pid !== null ? null : (bar.readyAt ?? bar.from);
}

const MARKS: Record<Mark['shape'], string> = {
  edit: 'M0-5.5 5 0 0 5.5-5 0Z',
  swap: 'M-1.5-7h3v14h-3Z',
  crash: 'M-4.5-4.5 4.5 4.5M4.5-4.5-4.5 4.5',
  parked: 'M-5-5H5V5H-5Z',
  failed: 'M0-6 6 5H-6Z',
};

const LEGEND: { shape: Mark['shape']; tone: string; word: string }[] = [
  { shape: 'edit', tone: 'change', word: 'edit' },
  { shape: 'swap', tone: 'good', word: 'took over' },
  { shape: 'crash', tone: 'bad', word: 'crash' },
  { shape: 'failed', tone: 'bad', word: 'edit failed' },
  { shape: 'parked', tone: 'bad', word: 'parked' },
];

function Legend(): JSX.Element {
  return (
    <ul class="legend" aria-label="Marks">
      <For each={LEGEND}>
        {({ shape, tone, word }) => (
          <li>
            <svg viewBox="-8 -8 16 16" width="14" height="14" aria-hidden="true">
              <g class="mark" data-tone={tone} data-shape={shape}>
                <path d={MARKS[shape]} />
              </g>
            </svg>
            {word}
          </li>
        )}
      </For>
      <li>
        <span class="swatch starting" /> starting
      </li>
      <li>
        <span class="swatch ready" /> ready
      </li>
    </ul>
  );
}

function short(name: string, most: number): string {
  return name.length > most ? `${name.slice(0, most - 1)}…` : name;
}
