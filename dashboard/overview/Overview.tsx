import { For, type JSX, lazy, Show, Suspense } from 'solid-js';
import { isDrawn } from '../data/first-frame.ts';
import { link, report } from '../data/live.ts';
import { Empty } from '../parts/Empty.tsx';
import { NeedsYou } from './NeedsYou.tsx';
import { Services } from './Services.tsx';
import { search, setGroup, setSearch, shown } from './selection.ts';
import { Toolbar } from './Toolbar.tsx';

/** Stands below the services, and comes after them. */
const Activity = lazy(() => import('./Activity.tsx'));

export function Overview(): JSX.Element {
  return (
    <div class="page">
      <h1 class="hidden">Overview</h1>
      <For each={report.notes}>{(note) => <p class="banner">{note}</p>}</For>
      <NeedsYou />
      <Show when={report.services.length > 0} fallback={<NoServices />}>
        <Toolbar />
        <Show when={shown().length > 0} fallback={<NoMatch />}>
          <Services />
        </Show>
        <Show when={isDrawn()}>
          <Suspense>
            <Activity />
          </Suspense>
        </Show>
      </Show>
    </div>
  );
}

function NoMatch(): JSX.Element {
  const showAll = () => {
    setSearch('');
    setGroup('');
  };
  return (
    <Empty title={`No service matches "${search()}"`}>
      <button type="button" class="button" onClick={showAll}>
        Show all {report.services.length}
      </button>
    </Empty>
  );
}

function NoServices(): JSX.Element {
  return (
    <Show when={link() === 'live'}>
      <Empty title="No services yet" text="Name them in upkeep.config.js, or let Upkeep look for them:">
        <p>
          <code>upkeep init</code>
        </p>
      </Empty>
    </Show>
  );
}
