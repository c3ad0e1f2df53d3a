import { Dialog } from '@kobalte/core/dialog';
import { type JSX, onCleanup } from 'solid-js';
import { Icon } from './Icon.tsx';

export default function ModalContent(props: {
  title: string;
  onClose(): void;
  children: JSX.Element;
}): JSX.Element {
  const opener = document.activeElement;
  // Behind what the library does about the focus when a dialog goes.
  onCleanup(() => setTimeout(() => opener instanceof HTMLElement && opener.focus()));
  return (
    <Dialog open onOpenChange={(open) => open || props.onClose()} preventScroll={false}>
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
