import { Dialog } from '@kobalte/core/dialog';
import type { JSX } from 'solid-js';
import { Icon } from './Icon.tsx';

export function Modal(props: {
  title: string;
  open: boolean;
  onClose(): void;
  children: JSX.Element;
}): JSX.Element {
  return (
    <Dialog open={props.open} onOpenChange={(open) => open || props.onClose()} preventScroll={false}>
      <Dialog.Portal>
        <Dialog.Overlay class="overlay" />
        <Dialog.Content class="modal">
          <header>
            <Dialog.Title>{props.title}</Dialog.Title>
            <Dialog.CloseButton class="button quiet bare" aria-label="Close">
              <Icon name="close" />
            </Dialog.CloseButton>
          </header>
          {props.children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog>
  );
}
