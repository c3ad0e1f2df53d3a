import { For, type JSX, Show } from 'solid-js';
import { pageOf } from '../app/route.ts';
import { type Trouble as TroubleFacts, troubleOf } from '../data/attention.ts';
import { command } from '../data/commands.ts';
import { report } from '../data/live.ts';
import { Button } from '../parts/Button.tsx';
import { type Shown, StateIcon } from '../parts/State.tsx';

/** What has failed and what to do about it, above everything else. */
export function NeedsYou(): JSX.Element {
  const names = () =>
    report.services.filter((service) => troubleOf(service) !== null).map(({ name }) => name);
  return (
    <Show when={names().length > 0}>
      <section class="needs-you" aria-label="Needs attention">
        <For each={names()}>{(name) => <Trouble name={name} />}</For>
      </section>
    </Show>
  );
}

function Trouble(props: { name: string }): JSX.Element {
  const trouble = () => {
    const service = report.services.find(({ name }) => name === props.name);
    return service === undefined ? null : troubleOf(service);
  };
  return (
    <Show when={trouble()}>
      {(its) => (
        <div class="trouble" data-kind={its().kind}>
          <StateIcon state={iconOf(its().kind)} />
          <p>
            <a href={pageOf.service(its().service)}>{its().service}</a> <strong>{its().title}.</strong>{' '}
            <span>{its().text}</span>
          </p>
          <div class="actions">
            <a class="button" href={pageOf.service(its().service)}>
              Why
            </a>
            <a class="button" href={pageOf.logs(its().service)}>
              Logs
            </a>
            <Button icon="restart" label="Restart" onClick={() => command('restart', [its().service])} />
          </div>
        </div>
      )}
    </Show>
  );
}

function iconOf(kind: TroubleFacts['kind']): Shown {
  if (kind === 'late') return 'starting';
  return kind === 'outdated' ? 'ready' : kind;
}
