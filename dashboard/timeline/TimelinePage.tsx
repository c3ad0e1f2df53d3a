import { createSignal, For, type JSX, Show } from 'solid-js';
import { useKeys } from '../app/keys.ts';
import { go, route, withQuery } from '../app/route.ts';
import { history } from '../data/history.ts';
import { report } from '../data/live.ts';
import { now } from '../data/now.ts';
import { Button } from '../parts/Button.tsx';
import { Empty } from '../parts/Empty.tsx';
import { Happenings } from './Happenings.tsx';
import { TimelineChart } from './TimelineChart.tsx';

const SPANS = [
  { minutes: 5, name: '5 min' },
  { minutes: 15, name: '15 min' },
  { minutes: 60, name: '1 h' },
  { minutes: 360, name: '6 h' },
  { minutes: 1440, name: '24 h' },
];
/** Lines of the list: older ones are found by going back in time. */
const LISTED = 300;

export default function TimelinePage(): JSX.Element {
  const minutes = () => Number(route().query.get('minutes')) || 60;
  const [end, setEnd] = createSignal<number | undefined>();
  const setMinutes = (value: number) => go(withQuery({ minutes: String(value) }), { replace: true });
  const shift = (share: number) => {
    const step = share * minutes() * 60_000;
    const to = (end() ?? now()) + step;
    // Time went on since it was left: half a step from now is meant to be now.
    setEnd(step > 0 && to >= now() - step / 2 ? undefined : to);
  };
  const zoom = (by: number) => {
    const at = SPANS.findIndex((span) => span.minutes === minutes());
    const next = SPANS[Math.max(0, Math.min(SPANS.length - 1, at + by))];
    if (next !== undefined) setMinutes(next.minutes);
  };
  useKeys({
    title: 'Timeline',
    keys: [
      { key: '+', does: 'Closer', run: () => zoom(-1) },
      { key: '-', does: 'Farther', run: () => zoom(1) },
      { key: 'h', does: 'Back in time', run: () => shift(-0.5) },
      { key: 'l', does: 'Forward', run: () => shift(0.5) },
      { key: 'End', does: 'To now', run: () => setEnd(undefined) },
    ],
  });
  const listed = () => {
    const to = end() ?? now() + 1000;
    const from = to - minutes() * 60_000;
    return history()
      .filter(({ entry }) => entry.at >= from && entry.at <= to)
      .slice(-LISTED)
      .toReversed();
  };
  return (
    <div class="page">
      <div class="toolbar">
        <h1>Timeline</h1>
        <fieldset class="chips" aria-label="Span">
          <For each={SPANS}>
            {(span) => (
              <button
                type="button"
                class="chip"
                aria-pressed={minutes() === span.minutes}
                onClick={() => setMinutes(span.minutes)}
              >
                {span.name}
              </button>
            )}
          </For>
        </fieldset>
        <div class="actions">
          <Button label="Earlier" onClick={() => shift(-0.5)} />
          <Button label="Later" disabled={end() === undefined} onClick={() => shift(0.5)} />
          <Button label="Now" pressed={end() === undefined} onClick={() => setEnd(undefined)} />
        </div>
      </div>
      <section class="card" aria-label="Picture">
        <TimelineChart services={report.services.map(({ name }) => name)} minutes={minutes()} end={end()} />
      </section>
      <section class="card" aria-labelledby="happenings">
        <header>
          <h2 id="happenings">What happened</h2>
        </header>
        <Show
          when={listed().length > 0}
          fallback={
            <Empty title="Nothing happened in this time" text="Look farther back, or start something." />
          }
        >
          <Happenings list={listed()} />
        </Show>
      </section>
    </div>
  );
}
