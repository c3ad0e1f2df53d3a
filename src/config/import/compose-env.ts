/** The environment of a compose service, as far as it means something outside of the container. */
import { fields } from './draft.ts';

export function composeEnv(
  name: string,
  written: unknown,
  services: string[],
  notes: string[],
): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [key, value] of entries(written)) {
    // `KEY` alone passes on what the shell has, and every service inherits that anyway.
    if (value === null) continue;
    const plain = withDefaults(value);
    if (plain === null) {
      notes.push(`${name}: ${key} is made of variables (${value}); set it in the config or in an env file.`);
      continue;
    }
    env[key] = plain;
    const host = services.find((service) => namesHost(plain, service));
    if (host !== undefined) {
      notes.push(
        `${name}: ${key} names the container "${host}"; outside of compose it is localhost with a published port.`,
      );
    }
  }
  return env;
}

function entries(written: unknown): [string, string | null][] {
  if (!Array.isArray(written)) {
    return Object.entries(fields(written)).map(([key, value]) => [
      key,
      value === null ? null : String(value),
    ]);
  }
  return written.map((entry) => {
    const [key = '', ...value] = String(entry).split('=');
    return [key, value.length === 0 ? null : value.join('=')];
  });
}

/** `${NAME:-default}` becomes its default; null when a variable without default is left. */
export function withDefaults(value: string): string | null {
  const replaced = value.replace(/(?<!\$)((?:\$\$)*)\$\{\w+:?-([^}]*)\}/g, '$1$2');
  return hasVariables(replaced) ? null : replaced.replaceAll('$$', '$');
}

/** `$$` is compose's way to write a dollar sign. */
export function hasVariables(value: string): boolean {
  return /\$\{|\$\w/.test(value.replaceAll('$$', ''));
}

function namesHost(value: string, service: string): boolean {
  const host = service.replace(/[^\w-]/g, '\\$&');
  return new RegExp(`(?:^|//|@)${host}(?::\\d+|/|$)`).test(value);
}
