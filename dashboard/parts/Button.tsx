import { type JSX, Show, splitProps } from 'solid-js';
import { Icon, type IconName } from './Icon.tsx';

type Props = {
  icon?: IconName;
  /** Shown, unless `bare`; always said. */
  label: string;
  bare?: boolean;
  kind?: 'plain' | 'quiet' | 'danger' | 'primary';
  pressed?: boolean;
} & Omit<JSX.ButtonHTMLAttributes<HTMLButtonElement>, 'type'>;

export function Button(props: Props): JSX.Element {
  const [own, rest] = splitProps(props, ['icon', 'label', 'bare', 'kind', 'pressed', 'class']);
  return (
    <button
      type="button"
      class={`button ${own.kind ?? 'plain'} ${own.bare ? 'bare' : ''} ${own.class ?? ''}`}
      aria-label={own.bare ? own.label : undefined}
      aria-pressed={own.pressed}
      title={own.bare ? own.label : undefined}
      {...rest}
    >
      <Show when={own.icon}>{(name) => <Icon name={name()} />}</Show>
      <Show when={!own.bare}>{own.label}</Show>
    </button>
  );
}
