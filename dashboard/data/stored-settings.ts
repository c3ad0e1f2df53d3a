/** The part of the settings that the page needs before its code: see ../first.ts. */

export interface Settings {
  theme: 'system' | 'light' | 'dark';
  /** Where a file opens: `{path}`, `{line}` and `{column}` are filled in. */
  editor: string;
  /** Keys without a modifier do things. */
  keys: boolean;
  /** Log lines are wrapped; else cut at the edge. */
  wrap: boolean;
  notify: boolean;
}

const NAME = 'upkeep-settings';

export function stored(): Partial<Settings> {
  try {
    return JSON.parse(localStorage.getItem(NAME) ?? '{}') as Partial<Settings>;
  } catch {
    return {};
  }
}

export function keep(settings: Settings): void {
  localStorage.setItem(NAME, JSON.stringify(settings));
}

export function showTheme(theme: Settings['theme'] = 'system'): void {
  document.documentElement.dataset['theme'] = theme;
}
