import { For, type JSX, Show } from 'solid-js';
import type { ServiceStatus } from '../../src/contract/status.ts';
import { describeCause } from '../../src/contract/words.ts';
import { pageOf } from '../app/route.ts';
import { busy, command } from '../data/commands.ts';
import { lately, tick } from '../data/metrics.ts';
import { now } from '../data/now.ts';
import { Button } from '../parts/Button.tsx';
import { Icon } from '../parts/Icon.tsx';
import { Spark } from '../parts/Spark.tsx';
import { State } from '../parts/State.tsx';
import { age, bytes, percent, safeUrl, shortUrl } from '../parts/words.ts';
import { current, selected, setCurrent, setSelected, shown, toggle } from './selection.ts';

/** A tenth of a core, and 64 MB: less looks like less. */
const CPU_FLOOR = 10;
const MEMORY_FLOOR = 64e6;

export function Services(): JSX.Element {
  const all = () => shown().length > 0 && shown().every(({ name }) => selected().has(name));
  const toggleAll = () => setSelected(all() ? new Set<string>() : new Set(shown().map(({ name }) => name)));
  return (
    <table class="services">
      <thead>
        <tr>
          <th class="check" scope="col">
            <input type="checkbox" aria-label="Select all" checked={all()} onChange={toggleAll} />
          </th>
          <th scope="col">Service</th>
          <th scope="col">State</th>
          <th scope="col">Url</th>
          <th scope="col" class="number">
            Uptime
          </th>
          <th scope="col" class="wide">
            CPU
          </th>
          <th scope="col" class="wide">
            Memory
          </th>
          <th scope="col" class="number">
            Restarts
          </th>
          <th scope="col" class="cause">
            Last cause
          </th>
          <th scope="col">
            <span class="hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        <For each={shown()}>{(service) => <Row service={service} />}</For>
      </tbody>
    </table>
  );
}

function Row(props: { service: ServiceStatus }): JSX.Element {
  const name = () => props.service.name;
  return (
    <tr
      id={`row-${name()}`}
      data-state={props.service.state}
      data-current={current() === name() ? '' : undefined}
      data-selected={selected().has(name()) ? '' : undefined}
      onFocusIn={() => setCurrent(name())}
    >
      <td class="check">
        <input
          type="checkbox"
          aria-label={`Select ${name()}`}
          checked={selected().has(name())}
          onChange={() => toggle(name())}
        />
      </td>
      <th scope="row">
        <a
          href={pageOf.service(name())}
          title={[name(), props.service.description].filter(Boolean).join(': ')}
        >
          {name()}
        </a>
      </th>
      <td class="state-cell">
        <State service={props.service} />
      </td>
      <td class="url">
        <Show when={safeUrl(props.service.url)} fallback={<span class="none">–</span>}>
          {(url) => (
            <a href={url()} target="_blank" rel="noreferrer">
              {shortUrl(url())}
            </a>
          )}
        </Show>
      </td>
      <td class="number uptime">{uptime(props.service)}</td>
      <td class="wide metric">
        <Spark service={name()} what="cpu" floor={CPU_FLOOR} />
        <span>{percent(latest(props.service, 'cpu'))}</span>
      </td>
      <td class="wide metric">
        <Spark service={name()} what="memory" floor={MEMORY_FLOOR} />
        <span>{bytes(latest(props.service, 'memory'))}</span>
      </td>
      <td class="number restarts" data-some={props.service.restarts > 0 ? '' : undefined}>
        {props.service.restarts}
      </td>
      <td class="cause" title={props.service.cause === null ? undefined : describeCause(props.service.cause)}>
        {whyNow(props.service)}
      </td>
      <td class="row-actions">
        <RowActions service={props.service} />
      </td>
    </tr>
  );
}

function RowActions(props: { service: ServiceStatus }): JSX.Element {
  const name = () => props.service.name;
  const isBusy = () => busy().has(name());
  return (
    <div class="actions">
      <Show
        when={props.service.wanted === 'up'}
        fallback={
          <Button
            icon="start"
            label={`Start ${name()}`}
            bare
            kind="quiet"
            disabled={isBusy()}
            onClick={() => command('start', [name()])}
          />
        }
      >
        <Button
          icon="restart"
          label={`Restart ${name()}`}
          bare
          kind="quiet"
          disabled={isBusy()}
          onClick={() => command('restart', [name()])}
        />
        <Button
          icon="stop"
          label={`Stop ${name()}`}
          bare
          kind="quiet"
          disabled={isBusy()}
          onClick={() => command('stop', [name()])}
        />
      </Show>
      <a class="button quiet bare" href={pageOf.logs(name())} title={`Logs of ${name()}`}>
        <Icon name="logs" />
        <span class="hidden">Logs of {name()}</span>
      </a>
    </div>
  );
}

/** The last sample; what the report said, until there is one. */
function latest(service: ServiceStatus, what: 'cpu' | 'memory'): number | null {
  tick();
  const [last] = lately(service.name, what, 1);
  return last === undefined ? service[what] : last;
}

function uptime({ startedAt }: ServiceStatus): string {
  return startedAt === null ? '–' : age(now() - Date.parse(startedAt));
}

/** What it waits for is of more interest than why it began. */
function whyNow({ waitingFor, retryAt, cause, successor }: ServiceStatus): string {
  if (waitingFor.length > 0) return `waits for ${waitingFor.join(', ')}`;
  if (retryAt !== null) return `tries again in ${age(Date.parse(retryAt) - now())}`;
  if (successor !== null) return `run ${successor.run} takes over: ${describeCause(successor.cause)}`;
  return cause === null ? '' : describeCause(cause);
}
