/** Package managers load thousands of files of their own and then start the app: they report nothing. */
import { realpathSync } from 'node:fs';

const NAME = /^(?:npm|npx|pnpm|pnpx|yarn|yarnpkg|corepack)(?:-cli)?(?:\.[cm]?js)?$|^yarn-[\w.-]+\.[cm]?js$/;
/** A project may have a `servers/yarn.js` of its own: what is a package manager lies where they are installed. */
const HOME =
  /\/node_modules\/(?:npm|pnpm|yarn|corepack|@pnpm\/exe|@yarnpkg\/cli-dist)\/|\/corepack\/|\/\.yarn\/releases\/|\/yarn-v?\d|\/share\/(?:nodejs|npm|yarn)/;

/** `entry`: process.argv[1], absolute. */
export function isPackageManager(entry: string | undefined): boolean {
  if (entry === undefined || !NAME.test(entry.slice(entry.lastIndexOf('/') + 1))) return false;
  try {
    return HOME.test(entry) || HOME.test(realpathSync(entry));
  } catch {
    return false;
  }
}
