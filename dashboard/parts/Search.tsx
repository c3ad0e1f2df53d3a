import type { JSX } from 'solid-js';
import { Icon } from './Icon.tsx';

export function Search(props: {
  label: string;
  value: string;
  onInput(value: string): void;
  ref?: (input: HTMLInputElement) => void;
  onEnter?: (back: boolean) => void;
  invalid?: boolean;
}): JSX.Element {
  return (
    <label class="search">
      <Icon name="search" />
      <span class="hidden">{props.label}</span>
      <input
        type="search"
        ref={(input) => props.ref?.(input)}
        placeholder={props.label}
        value={props.value}
        aria-invalid={props.invalid ? 'true' : undefined}
        spellcheck={false}
        onInput={(event) => props.onInput(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
          if (event.key === 'Enter') props.onEnter?.(event.shiftKey);
        }}
      />
      <span class="key" aria-hidden="true">
        /
      </span>
    </label>
  );
}
