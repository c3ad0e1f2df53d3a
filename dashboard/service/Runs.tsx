import { createEffect, createSignal, For, type JSX, on, Show } from 'solid-js';
import { createStore, reconcile } from 'solid-js/store';
import type { Run } from '../../src/contract/api/history.ts';
import type { ServiceStatus } from '../../src/contract/status.ts';
import { describeCause, describeExit } from '../../src/contract/words.ts';
import { pageOf } from '../app/route.ts';
import { upkeep } from '../data/connection.ts';
import { history, serviceOf } from '../data/history.ts';
import { Pieces } from '../logs/LogLine.tsx';
import { Empty } from '../parts/Empty.tsx';
import { clock, duration } from '../parts/words.ts';

const PAGE = 20;

/** Each run with its story: why it began, what became of it, and how it ended. Newest first. */
export function Runs(props: { service: ServiceStatus }): JSX.Element {
  const name = () => props.service.name;
  const [runs, setRuns] = createStore<{ list: Run[] }>({ list: [] });
  const [more, setMore] = createSignal(false);
  const [failure, setFailure] = createSignal('');
  const [loaded, setLoaded] = createSignal(false);
  const load = async (limit: number) => {
    try {
      const page = await upkeep.runs(name(), { limit });
      setRuns('list', reconcile(page.runs, { key: 'run' }));
      setMore(page.more);
      setFailure('');
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    }
    setLoaded(true);
  };
  const news = () => history().findLast((happening) => serviceOf(happening) === name())?.id;
  createEffect(on([name, news], () => void load(Math.max(PAGE, runs.list.length))));
  return (
    <>
      <Show when={failure() !== ''}>
        <p class="banner">{failure()}</p>
      </Show>
      <Show
        when={runs.list.length > 0 || !loaded()}
        fallback={<Empty title="It has not run yet" text="Start it, and its runs stand here." />}
      >
        <ol class="runs">
          <For each={runs.list}>
            {(run, index) => <Story run={run} service={props.service} open={index() === 0 || bad(run)} />}
          </For>
        </ol>
      </Show>
      <Show when={more()}>
        <button type="button" class="button" onClick={() => load(Math.min(500, runs.list.length + 50))}>
          Older runs
        </button>
      </Show>
    </>
  );
}

function bad({ exit, endCause, entries }: Run): boolean {
  return (
    (exit !== null && endCause === null && !('code' in exit && exit.code === 0)) ||
    entries.some(({ kind }) => kind === 'edit-failed')
  );
}

function Story(props: { run: Run; service: ServiceStatus; open: boolean }): JSX.Element {
  return (
    <li>
      <details class="run" data-bad={bad(props.run) ? '' : undefined} open={props.open}>
        <summary>
          <span class="run-number">Run {props.run.run}</span>
          <span class="run-cause">
            {props.run.cause === null ? 'cause not known' : describeCause(props.run.cause)}
          </span>
          <span class="run-outcome">{outcome(props.run, props.service)}</span>
          <span class="run-took">{spans(props.run)}</span>
          <time>{props.run.startedAt === null ? '' : clock(props.run.startedAt)}</time>
        </summary>
        <ol class="story">
          <For each={props.run.story}>
            {({ at, text }) => (
              <li>
                <time>{clock(at)}</time>
                <span>
                  <Pieces text={text} marks={null} />
                </span>
              </li>
            )}
          </For>
        </ol>
        <Show when={props.run.lastLines.length > 0}>
          <section class="last-lines" tabindex="0" aria-label={`Last lines of run ${props.run.run}`}>
            <pre>
              <For each={props.run.lastLines}>
                {(line) => (
                  <div>
                    <Pieces text={line} marks={null} />
                  </div>
                )}
              </For>
            </pre>
          </section>
        </Show>
        <a href={`${pageOf.logs(props.service.name)}&run=${props.run.run}`}>All that it printed</a>
      </details>
    </li>
  );
}

function outcome({ run, exit, endCause, endedAt, entries }: Run, service: ServiceStatus): string {
  if (entries.some(({ kind }) => kind === 'edit-failed')) return 'failed to take over';
  if (endedAt === null)
    return run === service.run ? service.state : run === service.successor?.run ? 'about to take over' : '';
  if (endCause !== null) return 'stopped';
  return exit === null ? 'ended' : describeExit(exit);
}

function spans({ readyAfter, lasted }: Run): string {
  const ready = readyAfter === null ? '' : `ready in ${duration(readyAfter)}`;
  const ran = lasted === null ? '' : `ran ${duration(lasted)}`;
  return [ready, ran].filter(Boolean).join(', ');
}
