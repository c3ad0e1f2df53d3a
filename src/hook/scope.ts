/** Which files are the project's own. Pure. */

/** More than any real path; what is longer is nobody's source file. */
const MAX_PATH = 4096;

export class Scope {
  /** Absolute, with a slash at its end. */
  readonly root: string;

  /** `root`: absolute path of the workspace, or the folder that the process began in. */
  constructor(root: string) {
    this.root = root.endsWith('/') ? root : `${root}/`;
  }

  /** A source file to report: outside node_modules, not a build's output in a dot-folder of the project. */
  isSource(file: string): boolean {
    if (!isPlain(file) || isInstalled(file)) return false;
    return !file.startsWith(this.root) || !hasDotFolder(file, this.root.length - 1);
  }

  /** A file of the project that may be worth a note when it is only read. */
  isProjectFile(file: string): boolean {
    return file.startsWith(this.root) && this.isSource(file);
  }

  /** A symbolic link of the project, maybe among the installed packages. */
  isLink(file: string): boolean {
    return isPlain(file) && file.startsWith(this.root) && !hasDotFolder(file, this.root.length - 1);
  }
}

/** Below a node_modules folder. */
export function isInstalled(file: string): boolean {
  return file.includes('/node_modules/');
}

function isPlain(file: string): boolean {
  if (file.charCodeAt(0) !== 47 || file.length > MAX_PATH || file.includes('\0')) return false;
  // Node's own modules, taken for paths by a loader of the app's.
  return !file.includes('/node:');
}

function hasDotFolder(file: string, from: number): boolean {
  const dot = file.indexOf('/.', from);
  // A file whose own name begins with a dot is none.
  return dot !== -1 && file.includes('/', dot + 1);
}

/**
 * The path of a `file:` url, without query and hash; null for any other.
 * Not by node:url: this runs inside the url parser.
 */
export function pathOfUrl(url: string): string | null {
  if (!url.startsWith('file:///')) return null;
  let end = url.indexOf('?');
  if (end === -1) end = url.indexOf('#');
  const path = end === -1 ? url.slice(7) : url.slice(7, end);
  if (!path.includes('%')) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}
