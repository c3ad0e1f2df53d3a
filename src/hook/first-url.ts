/** When Node parses its first url: its ES loader does so before it reads the first module. */
import { binding, type Native, replace, withoutFrame } from './bindings.ts';

/** `begin` is called before that, and may put something of its own in the way. False where this Node does not let us. */
export function atFirstUrl(begin: () => void): boolean {
  const url = binding('url');
  if (url === null) return false;
  let begun = false;
  const first = (original: Native): Native => {
    begun = true;
    undo?.();
    const before = url['parse'];
    try {
      begin();
    } catch {
      // The app's url is parsed as ever.
    }
    return url['parse'] === before ? original : (url['parse'] as Native);
  };
  const undo = replace(
    url,
    'parse',
    (original) =>
      function parse(this: unknown, ...args: unknown[]) {
        try {
          return Reflect.apply(begun ? original : first(original), this, args);
        } catch (error) {
          throw withoutFrame(error, parse);
        }
      },
  );
  return undo !== null;
}
