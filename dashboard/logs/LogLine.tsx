import { createEffect, createMemo, For, type JSX, Show } from 'solid-js';
import type { ApiLine } from '../../src/contract/api/logs.ts';
import { FileLink } from '../parts/FileLink.tsx';
import { clockExact } from '../parts/words.ts';
import { fieldsOf } from './json-line.ts';
import { inOneLine, piecesOf } from './pieces.ts';
import { lastWritten } from './sequences.ts';

/** Characters of a line in the list; the rest is in its details. */
const SHOWN = 2000;

export function LogLine(props: {
  line: ApiLine;
  index: number;
  marks: RegExp | null;
  withService: boolean;
  selected: boolean;
  onSelect(): void;
  /** Without it the row is as high as any, whatever was printed. */
  measure?: ((row: HTMLElement) => void) | undefined;
}): JSX.Element {
  let row: HTMLElement | undefined;
  // Also when lines are wrapped from now on: the rows that are there stay.
  createEffect(() => {
    const { measure } = props;
    if (measure !== undefined) queueMicrotask(() => row?.isConnected && measure(row));
  });
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the arrow keys of the list do the same
    // biome-ignore lint/a11y/noStaticElementInteractions: a line is text first
    <div
      class="line"
      ref={(element) => {
        row = element;
      }}
      data-index={props.index}
      data-level={props.line.level ?? undefined}
      data-selected={props.selected ? '' : undefined}
      onClick={(event) =>
        (event.target as Element).closest('a') === null &&
        getSelection()?.isCollapsed !== false &&
        props.onSelect()
      }
    >
      <span class="time">{props.line.time === null ? '' : clockExact(props.line.time)}</span>
      <Show when={props.withService}>
        <span class="service" title={props.line.service}>
          {props.line.service}
        </span>
      </Show>
      <span class="level">{props.line.level === null ? '' : props.line.level}</span>
      <span class="text">
        <LineText line={props.line} marks={props.marks} oneLine={props.measure === undefined} />
      </span>
    </div>
  );
}

function LineText(props: { line: ApiLine; marks: RegExp | null; oneLine: boolean }): JSX.Element {
  const fields = createMemo(() => (props.line.message === null ? [] : fieldsOf(props.line.text)));
  const part = (text: string) => (
    <Pieces text={lastWritten(text).slice(0, SHOWN)} marks={props.marks} oneLine={props.oneLine} />
  );
  return (
    <>
      {part(props.line.message ?? props.line.text)}
      <For each={fields()}>
        {({ name, value }) => (
          <span class="json-field">
            {' '}
            {part(`${name}=`)}
            {part(value)}
          </span>
        )}
      </For>
    </>
  );
}

/** `oneLine`: the ends of lines within it are shown by a mark. */
export function Pieces(props: { text: string; marks: RegExp | null; oneLine?: boolean }): JSX.Element {
  const pieces = createMemo(() => piecesOf(props.text, props.marks));
  return (
    <For each={pieces()}>
      {(piece) => {
        const colours = { color: piece.colour ?? undefined, 'background-color': piece.ground ?? undefined };
        const words = () => (props.oneLine ? inOneLine(piece.text) : piece.text);
        const text = () =>
          piece.frame === null ? (
            words()
          ) : (
            <FileLink
              file={piece.frame.file}
              line={piece.frame.line}
              column={piece.frame.column}
              text={words()}
            />
          );
        if (piece.match) return <mark>{text()}</mark>;
        if (piece.look === '' && piece.colour === null && piece.ground === null) return <>{text()}</>;
        return (
          <span class={piece.look} style={colours}>
            {text()}
          </span>
        );
      }}
    </For>
  );
}
