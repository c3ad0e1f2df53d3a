import { Tabs } from '@kobalte/core/tabs';
import { type JSX, Show } from 'solid-js';
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
      { key: 's', does: 'Start it', run: () => command('start', [props.name]) },
      { key: 'r', does: 'Restart it', run: () => command('restart', [props.name]) },
      { key: 't', does: 'Stop it', run: () => command('stop', [props.name]) },
      { key: 'l', does: 'Its logs', run: () => go(pageOf.logs(props.name)) },
      { key: 'Escape', does: 'Back to the overview', run: () => go('/') },
    ],
  });
  return (
    <Show
      when={serviceNamed(props.name)}
      fallback={
        <Empty
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
              <Loads name={props.name} run={service().run} />
            </Tabs.Content>
            <Tabs.Content value="config">
              <Configuration name={props.name} />
            </Tabs.Content>
          </Tabs>
        </div>
      )}
    </Show>
  );
}
