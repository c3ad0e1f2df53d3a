import { createSignal, For, type JSX, Show } from 'solid-js';
import { type Link, link, report } from '../data/live.ts';
import { machine } from '../data/metrics.ts';
import { Button } from '../parts/Button.tsx';
import { baseName, bytes, percent } from '../parts/words.ts';
import { Help } from './Help.tsx';
import { useKeys } from './keys.ts';
import { go, route } from './route.ts';
import { SettingsDialog } from './Settings.tsx';

const PLACES = [
  { path: '/', name: 'Overview' },
  { path: '/logs', name: 'Logs' },
  { path: '/timeline', name: 'Timeline' },
  { path: '/graph', name: 'Graph' },
];

const LINKS: Record<Link, string> = {
  loading: 'Connecting',
  live: 'Live',
  lost: 'Not connected',
  blocked: 'Waiting',
  refused: 'Not signed in',
};

export function Header(): JSX.Element {
  const [open, setOpen] = createSignal<'help' | 'settings' | null>(null);
  useKeys({
    title: 'Everywhere',
    keys: [
      { key: '?', does: 'Show all keys', run: () => setOpen('help') },
      ...PLACES.map(({ path, name }, index) => ({
        key: String(index + 1),
        does: name,
        run: () => go(path),
      })),
      { key: ',', does: 'Settings', run: () => setOpen('settings') },
    ],
  });
  const isHere = (path: string) =>
    route().path === path || (path === '/' && route().path.startsWith('/service/'));
  return (
    <header class="top">
      <a class="brand" href="/">
        <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden="true">
          <rect width="32" height="32" rx="8" />
          <path d="M9 9v8a7 7 0 0 0 14 0V9" />
        </svg>
        <span title={report.workspace}>
          <span class="hidden">Upkeep, </span>
          {baseName(report.workspace) || 'Upkeep'}
        </span>
      </a>
      <nav aria-label="Pages">
        <For each={PLACES}>
          {({ path, name }) => (
            <a href={path} aria-current={isHere(path) ? 'page' : undefined}>
              {name}
            </a>
          )}
        </For>
      </nav>
      <Machine />
      <span class="link" data-link={link()} title={daemonWords()}>
        {LINKS[link()]}
      </span>
      <Button icon="help" label="Keys" bare kind="quiet" onClick={() => setOpen('help')} />
      <Button icon="settings" label="Settings" bare kind="quiet" onClick={() => setOpen('settings')} />
      <Help open={open() === 'help'} onClose={() => setOpen(null)} />
      <SettingsDialog open={open() === 'settings'} onClose={() => setOpen(null)} />
    </header>
  );
}

function daemonWords(): string {
  return report.daemon === null
    ? 'No daemon runs'
    : `Daemon ${report.daemon.version}, pid ${report.daemon.pid}`;
}

/** The share of the whole machine that is in use. */
function Machine(): JSX.Element {
  return (
    <Show when={machine()}>
      {(whole) => (
        <div class="machine">
          <Share name="CPU" share={(whole().cpu ?? 0) / 100} text={percent(whole().cpu)} />
          <Share
            name="Memory"
            share={whole().memoryUsed / whole().memoryTotal}
            text={`${bytes(whole().memoryUsed)} of ${bytes(whole().memoryTotal)}`}
          />
        </div>
      )}
    </Show>
  );
}

function Share(props: { name: string; share: number; text: string }): JSX.Element {
  return (
    <div class="share" title={`${props.name} of the whole machine: ${props.text}`}>
      <span>{props.name}</span>
      <svg viewBox="0 0 48 4" width="48" height="4" preserveAspectRatio="none" aria-hidden="true">
        <rect width="48" height="4" rx="2" class="whole" />
        <rect width={Math.max(0, Math.min(48, 48 * props.share))} height="4" rx="2" class="part" />
      </svg>
      <span class="figure">{props.name === 'CPU' ? props.text : percent(props.share * 100)}</span>
    </div>
  );
}
