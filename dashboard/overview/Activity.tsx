import { type JSX, Show } from 'solid-js';
import { history } from '../data/history.ts';
import { Happenings } from '../timeline/Happenings.tsx';
import { TimelineChart } from '../timeline/TimelineChart.tsx';
import { shown } from './selection.ts';

const RECENT = 40;

/** The last quarter of an hour: as a picture, and in words. */
export default function Activity(): JSX.Element {
  const recent = () => history().slice(-RECENT).toReversed();
  return (
    <div class="activity">
      <section aria-labelledby="activity-picture" class="card">
        <header>
          <h2 id="activity-picture">Last 15 minutes</h2>
          <a href="/timeline">Timeline</a>
        </header>
        <TimelineChart services={shown().map(({ name }) => name)} minutes={15} compact />
      </section>
      <div class="card">
        <header>
          <h2 id="activity-words">What happened</h2>
        </header>
        <Show when={recent().length > 0} fallback={<p class="none">Nothing in the last day.</p>}>
          <section class="recent" tabindex="0" aria-labelledby="activity-words">
            <Happenings list={recent()} />
          </section>
        </Show>
      </div>
    </div>
  );
}
