/** A state as shape, colour and word: no two shapes are alike, for those who do not see the colours. */
import type { JSX } from 'solid-js';
import { Dynamic } from 'solid-js/web';
import type { StateName } from '../../src/contract/facts.ts';
import type { ServiceStatus } from '../../src/contract/status.ts';

export type Shown = StateName | 'swapping' | 'silent' | 'edit-failed';

const WORDS: Record<Shown, string> = {
  stopped: 'stopped',
  starting: 'starting',
  ready: 'ready',
  stopping: 'stopping',
  backoff: 'retrying',
  crashed: 'parked',
  exited: 'exited',
  swapping: 'swapping',
  silent: 'not answering',
  'edit-failed': 'edit failed',
};

/** What a person sees of a service: a ready one may have more to tell. */
export function shownState({ state, ready, successor, editFailed }: ServiceStatus): Shown {
  if (state === 'ready' && successor !== null) return 'swapping';
  if (state === 'ready' && !ready) return 'silent';
  if (state === 'ready' && editFailed !== null) return 'edit-failed';
  return state;
}

const SHAPES: Record<Shown, () => JSX.Element> = {
  ready: () => <circle cx="8" cy="8" r="5" fill="currentColor" />,
  stopped: () => <circle cx="8" cy="8" r="4.25" class="line" />,
  starting: () => (
    <>
      <circle cx="8" cy="8" r="4.25" class="line faint" />
      <path d="M8 3.75a4.25 4.25 0 0 1 4.25 4.25" class="line spin" />
    </>
  ),
  swapping: () => (
    <>
      <circle cx="8" cy="8" r="2.5" fill="currentColor" />
      <path d="M8 2.5a5.5 5.5 0 0 1 5.5 5.5" class="line spin" />
    </>
  ),
  stopping: () => <path d="M3.5 8h9" class="line thick" />,
  backoff: () => <path d="M8 2.5 14 13H2Z" fill="currentColor" />,
  crashed: () => (
    <>
      <rect x="2.5" y="2.5" width="11" height="11" rx="2.5" fill="currentColor" />
      <path d="m5.75 5.75 4.5 4.5m0-4.5-4.5 4.5" class="cut" />
    </>
  ),
  exited: () => <path d="m3.5 8.5 3 3 6-7" class="line thick" />,
  silent: () => (
    <>
      <circle cx="8" cy="8" r="5" class="line" />
      <path d="m4.5 11.5 7-7" class="line" />
    </>
  ),
  'edit-failed': () => (
    <>
      <circle cx="8" cy="8" r="5.5" fill="currentColor" />
      <path d="M8 4.9v3.4m0 2.3v.4" class="cut" />
    </>
  ),
};

export function StateIcon(props: { state: Shown }): JSX.Element {
  return (
    <svg
      class="state-icon"
      data-state={props.state}
      viewBox="0 0 16 16"
      width="14"
      height="14"
      aria-hidden="true"
    >
      <Dynamic component={SHAPES[props.state]} />
    </svg>
  );
}

export function State(props: { service: ServiceStatus }): JSX.Element {
  const shown = () => shownState(props.service);
  return (
    <span class="state" data-state={shown()}>
      <StateIcon state={shown()} />
      {WORDS[shown()]}
    </span>
  );
}
