import { For, type JSX, Show } from 'solid-js';
import type { ServiceStatus } from '../../src/contract/status.ts';
import { explainCause } from '../../src/contract/words.ts';
import { pageOf } from '../app/route.ts';
import { troubleOf } from '../data/attention.ts';
import { busy, command } from '../data/commands.ts';
import { now } from '../data/now.ts';
import { Button } from '../parts/Button.tsx';
import { Icon } from '../parts/Icon.tsx';
import { State } from '../parts/State.tsx';
import { age, safeUrl, shortUrl } from '../parts/words.ts';

export function Summary(props: { service: ServiceStatus }): JSX.Element {
  const name = () => props.service.name;
  const isBusy = () => busy().has(name());
  const trouble = () => troubleOf(props.service);
  return (
    <section class="summary">
      <div class="summary-head">
        <a href="/" class="back">
          <Icon name="left" />
          <span class="hidden">Overview</span>
        </a>
        <h1>{name()}</h1>
        <State service={props.service} />
        <div class="actions">
          <a class="button" href={pageOf.logs(name())}>
            Logs
          </a>
          <Show
            when={props.service.wanted === 'up'}
            fallback={
              <Button
                icon="start"
                label="Start"
                kind="primary"
                disabled={isBusy()}
                onClick={() => command('start', [name()])}
              />
            }
          >
            <Button
              icon="restart"
              label="Restart"
              disabled={isBusy()}
              onClick={() => command('restart', [name()])}
            />
            <Button icon="stop" label="Stop" disabled={isBusy()} onClick={() => command('stop', [name()])} />
          </Show>
        </div>
      </div>
      <Show when={props.service.description}>
        <p class="remark">{props.service.description}</p>
      </Show>
      <Show when={trouble()}>
        {(its) => (
          <p class="banner" data-kind={its().kind}>
            <strong>
              {name()} {its().title}.
            </strong>{' '}
            {its().text}
          </p>
        )}
      </Show>
      <dl class="facts">
        <Fact name="Url">
          <Show when={safeUrl(props.service.url)} fallback="–">
            {(url) => (
              <a href={url()} target="_blank" rel="noreferrer">
                {shortUrl(url())}
              </a>
            )}
          </Show>
        </Fact>
        <Fact name="Uptime">
          {props.service.startedAt === null ? '–' : age(now() - Date.parse(props.service.startedAt))}
        </Fact>
        <Fact name="Run">{props.service.run ?? '–'}</Fact>
        <Fact name="Restarts">{props.service.restarts}</Fact>
        <Fact name="Process">{props.service.pid ?? '–'}</Fact>
        <Fact name="Restarted by">{MODES[props.service.mode]}</Fact>
        <Fact name="Edits are followed">{watchingWords(props.service.watching)}</Fact>
        <Fact name="Last cause" wide>
          {props.service.cause === null ? '–' : explainCause(props.service.cause)}
        </Fact>
      </dl>
      <For each={props.service.notes}>{(note) => <p class="remark">{note}</p>}</For>
    </section>
  );
}

function Fact(props: { name: string; wide?: boolean; children: JSX.Element }): JSX.Element {
  return (
    <div classList={{ wide: props.wide === true }}>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}

const MODES: Record<ServiceStatus['mode'], string> = {
  swap: 'taking over (swap)',
  handoff: 'holding the port (handoff)',
  plain: 'stop and start (plain)',
};

function watchingWords(watching: ServiceStatus['watching']): string {
  switch (watching.kind) {
    case 'exact':
      return 'exactly';
    case 'off':
      return 'no';
    case 'not-yet':
      return 'not yet';
    case 'own-reload':
      return 'by itself';
    case 'not-exact':
      return `not exactly: ${watching.reason}`;
  }
}
