/** The ends of a process that JavaScript still sees, before its last turn is over. */
import { replace } from './bindings.ts';

const owner = process as unknown as Record<string, unknown>;

/**
 * `ending` is called before `process.exit` leaves, and when nothing has caught an exception, be it then handled.
 * A normal end, a rejection and what happens in the `exit` event come after the turn's end.
 * What is handed back is to be called when there is something to lose: an exception is noticed once each time.
 */
export function watchEnds(ending: () => void): () => void {
  replace(
    owner,
    'reallyExit',
    (original) =>
      function reallyExit(this: unknown, ...args: unknown[]) {
        ending();
        return Reflect.apply(original, this, args);
      },
  );
  let watching = false;
  return () => {
    if (watching) return;
    watching = true;
    watchException(() => {
      watching = false;
      ending();
    });
  };
}

/**
 * Node asks for `process._fatalException` when it is to be called (TriggerUncaughtException, node_errors.cc).
 * Being asked leaves no frame in the stacks of the app's handlers, being called would; and those stacks name
 * the property, so that is by then what it was.
 */
function watchException(noticed: () => void): void {
  const own = Object.getOwnPropertyDescriptor(owner, '_fatalException');
  if (own === undefined || own.configurable !== true || !('value' in own)) return;
  const asItWas = (value: unknown) => {
    Object.defineProperty(owner, '_fatalException', { ...own, value });
    noticed();
    return value;
  };
  Object.defineProperty(owner, '_fatalException', {
    configurable: true,
    enumerable: own.enumerable === true,
    get: () => asItWas(own.value),
    set: asItWas,
  });
}
