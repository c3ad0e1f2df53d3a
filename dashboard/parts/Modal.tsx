import { type JSX, lazy, Show, Suspense } from 'solid-js';

/** Most of what the page would load first, and nobody needs it until something is asked. */
const ModalContent = lazy(() => import('./ModalContent.tsx'));

/** Loads the code of dialogs ahead: one is there at once when it is wanted, and also when the gateway is gone by then. */
export function prepareModals(): void {
  void ModalContent.preload();
}

export function Modal(props: {
  title: string;
  open: boolean;
  onClose(): void;
  children: JSX.Element;
}): JSX.Element {
  return (
    <Show when={props.open}>
      <Suspense>
        <ModalContent title={props.title} onClose={props.onClose}>
          {props.children}
        </ModalContent>
      </Suspense>
    </Show>
  );
}
