/** The fields of a JSON line besides its message, level and time. Pure. */

const KNOWN = new Set([
  'level',
  'severity',
  'lvl',
  'time',
  'timestamp',
  'ts',
  '@timestamp',
  'msg',
  'message',
  'pid',
  'hostname',
  'v',
]);

export function fieldsOf(text: string): { name: string; value: string }[] {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value)
      .filter(([name]) => !KNOWN.has(name))
      .map(([name, each]) => ({ name, value: typeof each === 'string' ? each : JSON.stringify(each) }));
  } catch {
    return [];
  }
}

/** Indented; null when it is no JSON. */
export function pretty(text: string): string | null {
  if (!text.trimStart().startsWith('{')) return null;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return null;
  }
}
