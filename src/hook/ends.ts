/** The ends of a process that JavaScript still sees, before its last turn is over. */
import { replace } from './bindings.ts';

/**
 * `ending` is called before `process.exit` leaves, and when an exception is caught by nothing, be it then handled.
 * A normal end, a rejection and what happens in the `exit` event come after the turn's end.
 */
export function watchEnds(ending: () => void): void {
  const owner = process as unknown as Record<string, unknown>;
  replace(
    owner,
    'reallyExit',
    (original) =>
      function reallyExit(this: unknown, ...args: unknown[]) {
        ending();
        return Reflect.apply(original, this, args);
      },
  );
  watchExceptions(owner, ending);
}

/**
 * Node asks for `process._fatalException` when it is to be called (TriggerUncaughtException, node_errors.cc).
 * Being asked leaves no frame in the stacks of the app's handlers; being called would.
 */
function watchExceptions(owner: Record<string, unknown>, ending: () => void): void {
  const own = Object.getOwnPropertyDescriptor(owner, '_fatalException');
  if (own === undefined || own.configurable !== true || !('value' in own)) return;
  let { value } = own as { value: unknown };
  Object.defineProperty(owner, '_fatalException', {
    configurable: true,
    enumerable: own.enumerable === true,
    get: () => {
      ending();
      return value;
    },
    set: (next: unknown) => {
      value = next;
    },
  });
}
