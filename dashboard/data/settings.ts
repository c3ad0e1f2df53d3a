/** What this person has chosen, kept in this browser for this address. */
import { createEffect } from 'solid-js';
import { createStore } from 'solid-js/store';
import { keep, type Settings, showTheme, stored } from './stored-settings.ts';

export type { Settings };

export const EDITORS: { name: string; address: string }[] = [
  { name: 'VS Code', address: 'vscode://file/{path}:{line}:{column}' },
  { name: 'Cursor', address: 'cursor://file/{path}:{line}:{column}' },
  { name: 'Zed', address: 'zed://file/{path}:{line}:{column}' },
  { name: 'WebStorm', address: 'webstorm://open?file={path}&line={line}&column={column}' },
  { name: 'Sublime Text', address: 'subl://open?url=file://{path}&line={line}&column={column}' },
];

const usual: Settings = {
  theme: 'system',
  editor: EDITORS[0]?.address ?? '',
  keys: true,
  wrap: window.matchMedia('(max-width: 640px)').matches,
  notify: false,
};

const [settings, setSettings] = createStore<Settings>({ ...usual, ...stored() });

export { setSettings, settings };

/** Within a component: keeps them, and puts the theme into effect. */
export function applySettings(): void {
  createEffect(() => keep(settings));
  createEffect(() => showTheme(settings.theme));
}

/** `path`: absolute. */
export function editorLink(path: string, line: number | null, column: number | null): string {
  const fill: Record<string, string> = {
    '{path}': encodeURI(path.replace(/^\//, settings.editor.includes('file/{path}') ? '' : '/')),
    '{line}': String(line ?? 1),
    '{column}': String(column ?? 1),
  };
  return settings.editor.replace(/\{path\}|\{line\}|\{column\}/g, (word) => fill[word] ?? word);
}
