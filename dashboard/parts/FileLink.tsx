import type { JSX } from 'solid-js';
import { report } from '../data/live.ts';
import { editorLink } from '../data/settings.ts';

/** `file`: relative to the workspace, or absolute. Opens in the editor of the settings. */
export function FileLink(props: {
  file: string;
  line?: number | null;
  column?: number | null;
  text?: string;
}): JSX.Element {
  const path = () => (props.file.startsWith('/') ? props.file : `${report.workspace}/${props.file}`);
  return (
    <a
      class="file-link"
      href={editorLink(path(), props.line ?? null, props.column ?? null)}
      title="Open in the editor"
    >
      {props.text ?? props.file}
    </a>
  );
}
