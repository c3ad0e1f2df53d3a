import { createMemo, createResource, createSignal, For, type JSX, Show } from 'solid-js';
import { pageOf } from '../app/route.ts';
import { upkeep } from '../data/connection.ts';
import { report, serviceNamed } from '../data/live.ts';
import { Empty } from '../parts/Empty.tsx';
import { StateIcon, shownState } from '../parts/State.tsx';
import { Arrows, shortened } from './Arrows.tsx';
import { NARROW, pictureOf, type Size, WIDE } from './layout.ts';
import { SharedFiles } from './SharedFiles.tsx';

export default function GraphPage(): JSX.Element {
  const [config] = createResource(() => upkeep.config());
  const [loads] = createResource(() => upkeep.loads());
  const [pointed, setPointed] = createSignal<string | null>(null);
  const size = window.matchMedia('(max-width: 640px)').matches ? NARROW : WIDE;
  const picture = createMemo(() => pictureOf(config.error ? [] : (config()?.services ?? []), size));
  const alone = () => {
    const drawn = new Set(picture().boxes.map(({ name }) => name));
    return report.services.filter(({ name }) => !drawn.has(name));
  };
  return (
    <div class="page">
      <div class="toolbar">
        <h1>Graph</h1>
        <p class="remark">
          Who waits for whom. An arrow leads from what is needed to what needs it; dashed: an order only,
          nothing is started for it.
        </p>
      </div>
      <Show
        when={!config.error}
        fallback={<Empty title="The configuration cannot be read" text={String(config.error?.message)} />}
      >
        <section class="card graph" aria-label="Dependencies" tabindex="0">
          <Show
            when={picture().boxes.length > 0}
            fallback={
              <Empty
                title="No service depends on another"
                text="dependsOn in the configuration says who waits for whom."
              />
            }
          >
            <svg
              viewBox={`0 0 ${picture().width} ${picture().height}`}
              width={picture().width}
              height={picture().height}
            >
              <title>Dependency graph</title>
              <Arrows
                arrows={picture().arrows}
                pointed={pointed()}
                words={({ from, to }) => `${to} waits for ${from}`}
                isOptional={({ required }) => !required}
              />
              <For each={picture().boxes}>{(box) => <Box {...box} size={size} onPoint={setPointed} />}</For>
            </svg>
          </Show>
        </section>
        <Show when={alone().length > 0 && picture().boxes.length > 0}>
          <section class="card" aria-labelledby="alone">
            <header>
              <h2 id="alone">On their own</h2>
            </header>
            <ul class="names">
              <For each={alone()}>
                {(service) => (
                  <li>
                    <StateIcon state={shownState(service)} />
                    <a href={pageOf.service(service.name)}>{service.name}</a>
                  </li>
                )}
              </For>
            </ul>
          </section>
        </Show>
      </Show>
      <Show when={!loads.error && loads()}>{(its) => <SharedFiles overview={its()} />}</Show>
    </div>
  );
}

function Box(props: {
  name: string;
  x: number;
  y: number;
  size: Size;
  onPoint(name: string | null): void;
}): JSX.Element {
  const service = () => serviceNamed(props.name);
  return (
    <g class="box">
      <a
        href={pageOf.service(props.name)}
        onPointerEnter={() => props.onPoint(props.name)}
        onPointerLeave={() => props.onPoint(null)}
        onFocusIn={() => props.onPoint(props.name)}
        onFocusOut={() => props.onPoint(null)}
      >
        <title>{`${props.name}, ${service()?.state ?? 'unknown'}`}</title>
        <rect x={props.x} y={props.y} width={props.size.width} height={props.size.height} rx="8" />
        <Show when={service()}>
          {(its) => (
            <g transform={`translate(${props.x + 12} ${props.y + props.size.height / 2 - 7})`}>
              <StateIcon state={shownState(its())} />
            </g>
          )}
        </Show>
        <text x={props.x + 34} y={props.y + props.size.height / 2 + 4.5}>
          {shortened(props.name, (props.size.width - 42) / 6.6)}
        </text>
      </a>
    </g>
  );
}
