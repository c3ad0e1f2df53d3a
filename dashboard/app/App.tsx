import {
  createEffect,
  ErrorBoundary,
  type JSX,
  lazy,
  Match,
  on,
  onCleanup,
  onMount,
  Show,
  Suspense,
  Switch,
} from 'solid-js';
import { failure, isAnythingSeen, link, report } from '../data/live.ts';
import { say } from '../data/messages.ts';
import { applySettings } from '../data/settings.ts';
import { Overview } from '../overview/Overview.tsx';
import { Empty } from '../parts/Empty.tsx';
import { announce } from './announce.ts';
import { Confirm } from './Confirm.tsx';
import { Header } from './Header.tsx';
import { onKey } from './keys.ts';
import { Messages } from './Messages.tsx';
import { NotConnected } from './NotConnected.tsx';
import { go, onLinkClick, route } from './route.ts';

// Only what is seen first is loaded first.
const Logs = lazy(() => import('../logs/Logs.tsx'));
const Timeline = lazy(() => import('../timeline/TimelinePage.tsx'));
const Graph = lazy(() => import('../graph/GraphPage.tsx'));
const Service = lazy(() => import('../service/ServicePage.tsx'));

export function App(): JSX.Element {
  applySettings();
  announce();
  createEffect(() => {
    if (link() !== 'live' || !isLink()) return;
    go('/', { replace: true });
    say({ tone: 'good', title: 'That link had been used before. This browser is signed in already.' });
  });
  onMount(() => {
    document.addEventListener('click', onLinkClick);
    document.addEventListener('keydown', onKey);
    onCleanup(() => {
      document.removeEventListener('click', onLinkClick);
      document.removeEventListener('keydown', onKey);
    });
  });
  return (
    <Show when={link() !== 'refused'} fallback={<Refused />}>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <Header />
      <NotConnected />
      <main id="main" tabindex="-1">
        <Show when={link() !== 'loading' || report.services.length > 0} fallback={<Loading />}>
          <Show when={link() !== 'blocked' || isAnythingSeen()} fallback={<Blocked />}>
            <ErrorBoundary fallback={(error, reset) => <Failed error={error} reset={reset} />}>
              <Suspense fallback={<Loading />}>
                <Page />
              </Suspense>
            </ErrorBoundary>
          </Show>
        </Show>
      </main>
      <Messages />
      <Confirm />
    </Show>
  );
}

/** Whoever follows a link that is still good is led to the overview before there is any page. */
function isLink(): boolean {
  return route().path === '/open';
}

/** Until one goes elsewhere: what could not be loaded then may be there now. */
function Failed(props: { error: unknown; reset(): void }): JSX.Element {
  createEffect(on(() => route().path, props.reset, { defer: true }));
  return <Empty page title="This page has failed" text={String(props.error)} />;
}

function Page(): JSX.Element {
  const service = () => /^\/service\/([^/]+)$/.exec(route().path)?.[1];
  return (
    <Switch
      fallback={
        <Empty page title="There is no such page" text="The address leads nowhere.">
          <a href="/">Overview</a>
        </Empty>
      }
    >
      <Match when={route().path === '/' || route().path === '/index.html' || isLink()}>
        <Overview />
      </Match>
      <Match when={route().path === '/logs'}>
        <Logs />
      </Match>
      <Match when={route().path === '/timeline'}>
        <Timeline />
      </Match>
      <Match when={route().path === '/graph'}>
        <Graph />
      </Match>
      <Match when={service()} keyed>
        {(name) => <Service name={decodeURIComponent(name)} />}
      </Match>
    </Switch>
  );
}

function Loading(): JSX.Element {
  return (
    <p class="loading" role="status">
      Loading…
    </p>
  );
}

/** Nothing can be asked of a workspace without services. */
function Blocked(): JSX.Element {
  return (
    <Empty page title="There is nothing to show yet" text={failure()}>
      <p>
        Name your services in the configuration, or let Upkeep look for them: <code>upkeep init</code>. What
        they do stands here then, by itself.
      </p>
    </Empty>
  );
}

function Refused(): JSX.Element {
  return (
    <main class="refused">
      <Empty
        page
        title={isLink() ? 'This link has been used, or is too old' : 'This browser is not signed in'}
        text={isLink() ? undefined : failure()}
      >
        <p>
          Run <code>upkeep open</code> in the project. It prints a link that works once, and signs this
          browser in for ninety days.
        </p>
      </Empty>
    </main>
  );
}
