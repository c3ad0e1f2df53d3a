import { createMemo, createSignal, For, type JSX, Show } from 'solid-js';
import { report } from '../data/live.ts';
import { editorLink } from '../data/settings.ts';
import { Arrows, shortened } from '../graph/Arrows.tsx';
import { arrange, type Size } from '../graph/layout.ts';
import { type Drawn, importsOf, type LoadedFile } from './imports.ts';

const WIDE: Size = { width: 176, height: 42, gap: 64 };
const NARROW: Size = { width: 132, height: 40, gap: 36 };
/** More is no picture any more. */
const MOST = 40;

/** Who imports whom: the file that the service begins with at the left. Which files other services share stands out. */
export default function ImportGraph(props: {
  name: string;
  files: readonly LoadedFile[];
  shared: ReadonlyMap<string, readonly string[]>;
}): JSX.Element {
  const [pointed, setPointed] = createSignal<string | null>(null);
  const size = window.matchMedia('(max-width: 640px)').matches ? NARROW : WIDE;
  const imports = createMemo(() => importsOf(props.files, props.shared, props.name, MOST));
  const picture = createMemo(() =>
    arrange(
      imports().files.map(({ file }) => file),
      imports().edges,
      size,
    ),
  );
  const drawn = createMemo(() => new Map(imports().files.map((each) => [each.file, each])));
  return (
    <figure class="imports">
      <section class="card graph" aria-label="Imports" tabindex="0">
        <svg
          viewBox={`0 0 ${picture().width} ${picture().height}`}
          width={picture().width}
          height={picture().height}
        >
          <title>{`What ${props.name} imports`}</title>
          <Arrows
            arrows={picture().arrows}
            pointed={pointed()}
            words={({ from, to }) => `${from} imports ${to}`}
          />
          <For each={picture().boxes}>
            {(box) => (
              <Show when={drawn().get(box.name)}>
                {(file) => <Box {...box} file={file()} size={size} onPoint={setPointed} />}
              </Show>
            )}
          </For>
        </svg>
      </section>
      <figcaption class="remark">
        An arrow leads from a file to what it imports. Blue: other services loaded it too, and an edit
        restarts them as well; the number says how many.
        <Show when={imports().left > 0}> {imports().left} more files are in the list below.</Show>
      </figcaption>
    </figure>
  );
}

function Box(props: {
  x: number;
  y: number;
  file: Drawn;
  size: Size;
  onPoint(name: string | null): void;
}): JSX.Element {
  const base = () => props.file.file.split('/').at(-1) ?? '';
  const folder = () => props.file.file.slice(0, -base().length);
  const words = () =>
    [props.file.file, props.file.others.length > 0 ? `also loaded by ${props.file.others.join(', ')}` : '']
      .filter(Boolean)
      .join(', ');
  const path = () =>
    props.file.file.startsWith('/') ? props.file.file : `${report.workspace}/${props.file.file}`;
  const room = () => (props.size.width - 20 - (props.file.others.length > 0 ? 28 : 0)) / 6.8;
  return (
    <g class="box" classList={{ shared: props.file.others.length > 0, entry: props.file.entry }}>
      <a
        href={editorLink(path(), 1, 1)}
        onPointerEnter={() => props.onPoint(props.file.file)}
        onPointerLeave={() => props.onPoint(null)}
        onFocusIn={() => props.onPoint(props.file.file)}
        onFocusOut={() => props.onPoint(null)}
      >
        <title>{words()}</title>
        <rect x={props.x} y={props.y} width={props.size.width} height={props.size.height} rx="8" />
        <text x={props.x + 10} y={props.y + (folder() === '' ? props.size.height / 2 + 4 : 17)}>
          {shortened(base(), room())}
        </text>
        <Show when={folder() !== ''}>
          <text class="folder" x={props.x + 10} y={props.y + 33}>
            {shortened(folder(), (props.size.width - 20) / 6)}
          </text>
        </Show>
        <Show when={props.file.others.length > 0}>
          <text class="count" x={props.x + props.size.width - 10} y={props.y + 17}>
            +{props.file.others.length}
          </text>
        </Show>
      </a>
    </g>
  );
}
