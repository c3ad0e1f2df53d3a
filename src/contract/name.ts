/** What a service or a group may be called: it becomes a file name, a shell word and a selector. */

const MAX_BYTES = 100;
const ALLOWED = /^[\p{L}\p{M}\p{N}_:@.\- ]+$/u;

/** What is wrong with the name, in words, or null. */
export function nameProblem(name: string): string | null {
  if (name === '') return 'a name cannot be empty';
  if (/[/\\]/.test(name) || name === '.' || name === '..') {
    return 'a name cannot contain "/" or "\\": logs and run folders are named after it, and it must not lead out of them';
  }
  if (/^[.-]/.test(name)) return `a name cannot start with "${name[0]}"`;
  if (name.startsWith('@'))
    return 'a name cannot start with "@": that means a group, where services are chosen';
  if (name !== name.trim()) return 'a name cannot start or end with a space';
  if (Buffer.byteLength(name) > MAX_BYTES) {
    return `a name can have ${MAX_BYTES} bytes at most, this one has ${Buffer.byteLength(name)}`;
  }
  if (/[*?[\]{}()!]/.test(name))
    return 'a name cannot contain the characters of a pattern (* ? [ ] { } ( ) !)';
  if (!ALLOWED.test(name)) return 'a name has letters, digits, "_", "-", ".", ":", "@" and inner spaces only';
  return null;
}
