import { createMemo, createResource, type JSX, Show } from 'solid-js';
import { upkeep } from '../data/connection.ts';
import { history, serviceOf } from '../data/history.ts';
import { tick, wholeSeries } from '../data/metrics.ts';
import { bytes, duration, percent } from '../parts/words.ts';
import { Chart } from './Chart.tsx';

/** Samples: four minutes. */
const RELOAD = 120;

/** CPU and memory of the day, as far as somebody looked; starts over the day, from the journal. */
export function Charts(props: { name: string }): JSX.Element {
  /** Asked for again before the samples of this page reach no further back than it. */
  const [day] = createResource(
    () => [props.name, Math.floor(tick() / RELOAD)] as const,
    ([name]) => upkeep.usage(name).catch(() => null),
  );
  const series = createMemo(() => {
    tick();
    return wholeSeries(props.name, day.latest ?? null);
  });
  const [runs] = createResource(
    () => [props.name, history().findLast((happening) => serviceOf(happening) === props.name)?.id] as const,
    ([name]) => upkeep.runs(name, { limit: 200 }).catch(() => null),
  );
  const starts = createMemo(() => {
    const known = (runs.latest?.runs ?? [])
      .filter(({ startedAt, readyAfter }) => startedAt !== null && readyAfter !== null)
      .toReversed();
    return {
      at: known.map(({ startedAt }) => (startedAt ?? 0) / 1000),
      took: known.map(({ readyAfter }) => readyAfter),
    };
  });
  const restarts = createMemo(() => {
    const known = (runs.latest?.runs ?? []).filter(({ startedAt }) => startedAt !== null).toReversed();
    const day = Date.now() - 86_400_000;
    const times = known.map(({ startedAt }) => startedAt ?? 0).filter((at) => at > day);
    return {
      at: [...times.map((at) => at / 1000), Date.now() / 1000],
      count: [...times.map((_, index) => index + 1), times.length],
    };
  });
  const last = <T,>(values: T[]) => values.at(-1) ?? null;
  return (
    <div class="charts">
      <Chart
        title="CPU"
        figure={percent(last(series().cpu))}
        at={series().at}
        values={series().cpu}
        format={percent}
        floor={5}
      />
      <Chart
        title="Memory"
        figure={bytes(last(series().memory))}
        at={series().at}
        values={series().memory}
        format={bytes}
        floor={30e6}
      />
      <Chart
        title="Time until ready"
        figure={last(starts().took) === null ? '–' : duration(last(starts().took) ?? 0)}
        at={starts().at}
        values={starts().took}
        format={(value) => (value === null || value === undefined ? '–' : duration(value))}
        floor={100}
        points
      />
      <Chart
        title="Starts, last day"
        figure={String(last(restarts().count) ?? 0)}
        at={restarts().at}
        values={restarts().count}
        format={(value) => String(Math.round(value ?? 0))}
        floor={4}
        stepped
      />
      <Show when={series().hasGaps}>
        <p class="remark">
          CPU and memory are measured while somebody looks. In the gaps nobody did, or it did not run.
        </p>
      </Show>
      <Show when={runs.latest === null}>
        <p class="remark">The runs could not be read.</p>
      </Show>
    </div>
  );
}
