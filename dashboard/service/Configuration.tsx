import { createResource, For, type JSX, Show } from 'solid-js';
import type { ResolvedService } from '../../src/contract/config.ts';
import { upkeep } from '../data/connection.ts';
import { Empty } from '../parts/Empty.tsx';
import { FileLink } from '../parts/FileLink.tsx';
import { duration } from '../parts/words.ts';

/** As the daemon runs by it; the API has masked what is secret. */
export function Configuration(props: { name: string }): JSX.Element {
  const [config] = createResource(() => upkeep.config());
  const service = () =>
    config.error ? undefined : config.latest?.services.find(({ name }) => name === props.name);
  return (
    <Show
      when={!config.error}
      fallback={<Empty title="The configuration cannot be read" text={String(config.error?.message)} />}
    >
      <Show when={service()}>
        {(its) => (
          <div class="config">
            <dl>
              <For each={settingsOf(its())}>
                {([name, value]) => (
                  <div>
                    <dt>{name}</dt>
                    <dd>{value}</dd>
                  </div>
                )}
              </For>
              <div>
                <dt>Written in</dt>
                <dd>
                  <FileLink file={config.latest?.file ?? ''} />
                </dd>
              </div>
            </dl>
            <h2>Environment</h2>
            <Show
              when={Object.keys(its().env).length > 0}
              fallback={<p class="remark">Nothing is added to the daemon's own.</p>}
            >
              <dl>
                <For each={Object.entries(its().env)}>
                  {([name, value]) => (
                    <div>
                      <dt>
                        <code>{name}</code>
                      </dt>
                      <dd>
                        <code>{value}</code>
                      </dd>
                    </div>
                  )}
                </For>
              </dl>
            </Show>
          </div>
        )}
      </Show>
    </Show>
  );
}

function settingsOf(service: ResolvedService): [string, string][] {
  const { command, cwd, ports, ready, dependsOn, restart, stop, watch, logs, envFiles, groups } = service;
  const rows: [string, string][] = [
    ['Command', 'argv' in command ? command.argv.join(' ') : command.shell],
    ['Folder', cwd],
    ['Groups', groups.join(', ')],
    ['Ports', ports.join(', ')],
    ['Ready', readyWords(ready)],
    ['Reported as late', `after ${duration(service.readyTimeout)}`],
    [
      'Waits for',
      dependsOn
        .map(
          ({ service: name, condition, required }) =>
            `${name} (${condition}${required ? '' : ', if wanted'})`,
        )
        .join(', '),
    ],
    [
      'Restarted',
      `${restart.policy}, parked after ${restart.maxFailures} failures in ${duration(restart.window)}`,
    ],
    ['Stopped', `${stop.signal}, killed after ${duration(stop.grace)}, drained for ${duration(stop.drain)}`],
    ['Watched', watch.enabled ? ['what it loads', ...watch.include].join(', ') : 'no'],
    ['Not watched', watch.ignore.join(', ')],
    ['Env files', envFiles.join(', ')],
    ['Log', `rotated at ${written(logs.maxSize)}, ${logs.keep} kept`],
  ];
  return rows.filter(([, value]) => value !== '');
}

const UNITS = [
  ['GB', 1024 ** 3],
  ['MB', 1024 ** 2],
  ['KB', 1024],
] as const;

/** A size as one writes it in the configuration, where 1 KB is 1024 bytes. */
function written(size: number): string {
  const [unit, its] = UNITS.find(([, each]) => size >= each && size % each === 0) ?? ['B', 1];
  return `${size / its}${unit}`;
}

function readyWords(ready: ResolvedService['ready']): string {
  switch (ready.kind) {
    case 'started':
      return 'once it runs';
    case 'port':
      return `once it listens on ${ready.port}`;
    case 'http':
      return `once ${ready.url} answers${ready.status.length > 0 ? ` with ${ready.status.join(' or ')}` : ''}`;
    case 'log':
      return `once it prints /${ready.pattern}/${ready.flags}`;
    case 'command':
      return `once "${ready.command}" succeeds`;
    case 'delay':
      return `${duration(ready.ms)} after its start`;
  }
}
