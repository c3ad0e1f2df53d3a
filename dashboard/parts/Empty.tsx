/** Where there is nothing to show: what is missing, and what to do about it. */
import { type JSX, Show } from 'solid-js';
import { Dynamic } from 'solid-js/web';

export function Empty(props: {
  title: string;
  text?: string | undefined;
  /** There is nothing else on the page: its title is that of the page. */
  page?: boolean;
  children?: JSX.Element;
}): JSX.Element {
  return (
    <div class="empty">
      <Dynamic component={props.page ? 'h1' : 'p'} class="empty-title">
        {props.title}
      </Dynamic>
      <Show when={props.text}>
        <p>{props.text}</p>
      </Show>
      {props.children}
    </div>
  );
}
