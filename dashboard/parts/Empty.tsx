/** Where there is nothing to show: what is missing, and what to do about it. */
import { type JSX, Show } from 'solid-js';

export function Empty(props: {
  title: string;
  text?: string | undefined;
  children?: JSX.Element;
}): JSX.Element {
  return (
    <div class="empty">
      <p class="empty-title">{props.title}</p>
      <Show when={props.text}>
        <p>{props.text}</p>
      </Show>
      {props.children}
    </div>
  );
}
