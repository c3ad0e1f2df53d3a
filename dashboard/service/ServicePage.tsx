import { Tabs } from '@kobalte/core/tabs';
import { type JSX, Show, Suspense } from 'solid-js';
import { useKeys } from '../app/keys.ts';
import { go, pageOf, route } from '../app/route.ts';
import { command } from '../data/commands.ts';
import { serviceNamed } from '../data/live.ts';
import { Empty } from '../parts/Empty.tsx';
import { Charts } from './Charts.tsx';
import { Configuration } from './Configuration.tsx';
import { Loads } from './Loads.tsx';
import { Runs } from './Runs.tsx';
import { Summary } from './Summary.tsx';

export default function ServicePage(props: { name: string }): JSX.Element {
  const tab = () => route().query.get('tab') ?? 'runs';
  useKeys({
    title: `${props.name}`,
    keys: [
      { key: 's', once: true, does: 'Start it', run: () => command('start', [props.name]) },
      { key: 'r', once: true, does: 'Restart it', run: () => command('restart', [props.name]) },
      { key: 't', once: true, does: 'Stop it', run: () => command('stop', [props.name]) },
      { key: 'l', does: 'Its logs', run: () => go(pageOf.logs(props.name)) },
      { key: 'Escape', does: 'Back to the overview', run: () => go('/') },
    ],
  });
  return (
    <Show
      when={serviceNamed(props.name)}
      fallback={
        <Empty
          page
          title={`No service is called "${props.name}"`}
          text="It may have been renamed or taken out of the configuration."
        >
          <a href="/">Overview</a>
        </Empty>
      }
    >
      {(service) => (
        <div class="page">
          <Summary service={service()} />
          <Charts name={props.name} />
          <Tabs
            value={tab()}
            onChange={(value) => go(pageOf.service(props.name, value), { replace: true })}
            class="tabs"
          >
            <Tabs.List aria-label={`About ${props.name}`}>
              <Tabs.Trigger value="runs">Runs</Tabs.Trigger>
              <Tabs.Trigger value="loads">Files</Tabs.Trigger>
              <Tabs.Trigger value="config">Configuration</Tabs.Trigger>
            </Tabs.List>
            <Tabs.Content value="runs">
              <Runs service={service()} />
            </Tabs.Content>
            <Tabs.Content value="loads">
              <Suspense fallback={<Reading />}>
                <Loads service={service()} />
              </Suspense>
            </Tabs.Content>
            <Tabs.Content value="config">
              <Suspense fallback={<Reading />}>
                <Configuration name={props.name} />
              </Suspense>
            </Tabs.Content>
          </Tabs>
        </div>
      )}
    </Show>
  );
}

/** In the tab alone: the page around it stays, and the focus with it. */
function Reading(): JSX.Element {
  return <p class="remark">Reading…</p>;
}
