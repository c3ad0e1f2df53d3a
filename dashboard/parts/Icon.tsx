/** The few pictures that buttons have: 16 px, drawn with one line. */
import type { JSX } from 'solid-js';

const PATHS = {
  start: 'M5 3.2v9.6l7.5-4.8Z',
  stop: 'M4.25 4.25h7.5v7.5h-7.5Z',
  restart: 'M13 8a5 5 0 1 1-1.6-3.7M13 2.5v2.8h-2.8',
  logs: 'M3 4h10M3 8h10M3 12h6',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9Zm3.3-1.2L13.5 13.5',
  close: 'm4 4 8 8m0-8-8 8',
  help: 'M6 6a2 2 0 1 1 2.6 1.9c-.4.2-.6.5-.6.9v.4M8 11.6v.3',
  settings: 'M2.5 5h6m3 0h2M2.5 11h2m3 0h6M10 3.5v3M6 9.5v3',
  up: 'm4 10 4-4 4 4',
  down: 'm4 6 4 4 4-4',
  left: 'm10 4-4 4 4 4',
  pause: 'M5.5 3.5v9m5-9v9',
  copy: 'M5.5 5.5h7v7h-7Zm-2 5v-7h7',
  link: 'M6.8 9.2a2.3 2.3 0 0 0 3.3 0l2-2a2.3 2.3 0 0 0-3.3-3.3l-.7.7m1.1 2.2a2.3 2.3 0 0 0-3.3 0l-2 2a2.3 2.3 0 0 0 3.3 3.3l.7-.7',
  external: 'M6 3.5H3.5v9h9V10M9 3h4v4m0-4L7.5 8.5',
  end: 'M8 3v7m-3.5-3L8 10.5 11.5 7M3.5 13h9',
  wrap: 'M2.5 4h11m-11 4h9a2 2 0 0 1 0 4H8m1.5-1.5L8 12l1.5 1.5M2.5 12h3',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon(props: { name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={PATHS[props.name]} />
    </svg>
  );
}
