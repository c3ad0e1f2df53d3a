/** Which way this Node has to watch imports. */

/** `module.registerHooks` is there: then watching costs something; without, it is a few url comparisons. */
export const HAS_HOOKS = hasHooks(process.versions.node);

function hasHooks(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 23 || (major === 23 && minor >= 5) || (major === 22 && minor >= 15);
}
