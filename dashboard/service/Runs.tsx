import { createEffect, createSignal, For, type JSX, on, Show } from 'solid-js';
import { createStore, reconcile } from 'solid-js/store';
import type { Run } from '../../src/contract/api/history.ts';
import { type Paragraph, paragraphsOf } from '../../src/contract/api/paragraphs.ts';
import type { ServiceStatus } from '../../src/contract/status.ts';
import { describeCause, describeExit } from '../../src/contract/words.ts';
import { pageOf } from '../app/route.ts';
import { upkeep } from '../data/connection.ts';
import { history, serviceOf } from '../data/history.ts';
import { Pieces } from '../logs/LogLine.tsx';
import { Empty } from '../parts/Empty.tsx';
import { clock, duration, messageOf } from '../parts/words.ts';
import { LastWords } from './LastWords.tsx';

const PAGE = 20;
/** Of the times in the stories, as of all others in the page. */
const tz = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** By the first run of a loop: that one stays while others are added. */
type Told = Paragraph & { key: string };

function keyed(told: Paragraph): Told {
  return { ...told, key: told.loop === null ? `${told.run.run}` : `from ${told.loop.first}` };
}

/** Each run with its story: why it began, what became of it, and how it ended. Newest first. */
export function Runs(props: { service: ServiceStatus }): JSX.Element {
  const name = () => props.service.name;
  const [runs, setRuns] = createStore<{ list: Told[] }>({ list: [] });
  const [more, setMore] = createSignal(false);
  const [failure, setFailure] = createSignal('');
  const [loaded, setLoaded] = createSignal(false);
  const load = async (limit: number) => {
    try {
      const page = await upkeep.runs(name(), { limit, tz });
      setRuns('list', reconcile(paragraphsOf(page).map(keyed), { key: 'key' }));
      setMore(page.more);
      setFailure('');
    } catch (error) {
      setFailure(messageOf(error));
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
            {(told, index) => (
              <Story told={told} service={props.service} open={index() === 0 || bad(told.run)} />
            )}
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

function Story(props: { told: Told; service: ServiceStatus; open: boolean }): JSX.Element {
  const run = () => props.told.run;
  const loop = () => props.told.loop;
  return (
    <li>
      <details class="run" data-bad={bad(run()) ? '' : undefined} open={props.open}>
        <summary>
          <span class="run-number">
            {loop() === null ? `Run ${run().run}` : `Runs ${loop()?.first} to ${loop()?.last}`}
          </span>
          <span class="run-cause">{causeWords(props.told)}</span>
          <span class="run-outcome">
            {loop() === null ? outcome(run(), props.service) : `crashed ${loop()?.count} times`}
          </span>
          <span class="run-took">{spans(run())}</span>
          <time>{run().startedAt === null ? '' : clock(run().startedAt ?? 0)}</time>
        </summary>
        <Show when={loop()} fallback={<Sentences run={run()} />}>
          {(its) => (
            <p class="loop-words">
              <Pieces text={`It ${its().text}`} marks={null} />
            </p>
          )}
        </Show>
        <LastWords run={run()} />
        <Show when={loop()}>
          <details class="each-run">
            <summary>Each of them</summary>
            <For each={props.told.runs}>{(each) => <Sentences run={each} numbered />}</For>
          </details>
        </Show>
        <a href={`${pageOf.logs(props.service.name)}&run=${run().run}`}>
          {loop() === null ? 'All that it printed' : 'All that the last one printed'}
        </a>
      </details>
    </li>
  );
}

function Sentences(props: { run: Run; numbered?: boolean }): JSX.Element {
  return (
    <ol class="story">
      <For each={props.run.story}>
        {({ at, text }) => (
          <li>
            <time>{clock(at)}</time>
            <span>
              <Pieces text={props.numbered ? `Run ${props.run.run} ${text}` : capital(text)} marks={null} />
            </span>
          </li>
        )}
      </For>
    </ol>
  );
}

function outcome({ run, exit, endCause, endedAt, entries, replacedBy }: Run, service: ServiceStatus): string {
  if (entries.some(({ kind }) => kind === 'edit-failed')) return 'failed to take over';
  if (endedAt === null)
    return run === service.run ? service.state : run === service.successor?.run ? 'about to take over' : '';
  if (endCause !== null) return replacedBy === null ? 'stopped' : `replaced by run ${replacedBy}`;
  return exit === null ? 'ended' : describeExit(exit);
}

function spans({ readyAfter, lasted }: Run): string {
  const ready = readyAfter === null ? '' : `ready in ${duration(readyAfter)}`;
  const ran = lasted === null ? '' : `ran ${duration(lasted)}`;
  return [ready, ran].filter(Boolean).join(', ');
}

function causeWords({ run, loop, runs }: Told): string {
  const cause = loop === null ? run.cause : (runs.at(-1)?.cause ?? null);
  return cause === null ? 'cause not known' : describeCause(cause);
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
