/** Files of installed packages. They are not watched, and shown by the name of their package. */

const FOLDER = '/node_modules/';

export function isInstalled(path: string): boolean {
  return path.includes(FOLDER);
}

/** `express`, `@scope/name`: the innermost package that a path lies in; null outside node_modules. */
export function packageOf(path: string): string | null {
  const at = path.lastIndexOf(FOLDER);
  if (at === -1) return null;
  const [first = '', second] = path.slice(at + FOLDER.length).split('/', 2);
  return first.startsWith('@') && second !== undefined ? `${first}/${second}` : first;
}
