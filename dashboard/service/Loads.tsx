import { createMemo, createResource, createSignal, For, type JSX, lazy, Show, Suspense } from 'solid-js';
import type { ServiceLoads } from '../../src/contract/api/loads.ts';
import type { ServiceStatus } from '../../src/contract/status.ts';
import { pageOf } from '../app/route.ts';
import { upkeep } from '../data/connection.ts';
import { Empty } from '../parts/Empty.tsx';
import { FileLink } from '../parts/FileLink.tsx';

type File = NonNullable<ServiceLoads['files']>[number];

const FEW = 200;

const ImportGraph = lazy(() => import('./ImportGraph.tsx'));

/** What its run loaded, who asked for it, and which other services an edit of it restarts too. */
export function Loads(props: { service: ServiceStatus }): JSX.Element {
  // A run has loaded next to nothing when it begins, and most of it when it is ready.
  const stage = createMemo(() => {
    const { name, run, state, watching } = props.service;
    return [name, run, state, watching.kind].join();
  });
  const [loads] = createResource(stage, () => upkeep.serviceLoads(props.service.name));
  const [overview] = createResource(stage, () => upkeep.loads().catch(() => null));
  const [search, setSearch] = createSignal('');
  const shared = createMemo(
    () => new Map((overview.latest?.shared ?? []).map(({ file, services }) => [file, services])),
  );
  const files = createMemo(() =>
    (loads.error ? [] : (loads.latest?.files ?? [])).filter(({ file }) =>
      file.toLowerCase().includes(search().toLowerCase()),
    ),
  );
  return (
    <Show
      when={!loads.error}
      fallback={<Empty title="The files cannot be told" text={String(loads.error?.message)} />}
    >
      <Show when={loads.latest?.files != null} fallback={<NoFiles loads={loads.latest} />}>
        <Show when={(loads.latest?.files ?? []).length > 0}>
          <Suspense fallback={<p class="remark">Drawing…</p>}>
            <ImportGraph name={props.service.name} files={loads.latest?.files ?? []} shared={shared()} />
          </Suspense>
        </Show>
        <div class="list-head">
          <input
            type="search"
            class="filter"
            aria-label="Search files"
            placeholder="Search files"
            value={search()}
            onInput={(event) => setSearch(event.currentTarget.value)}
          />
          <p class="remark">
            {files().length} {files().length === 1 ? 'file' : 'files'}. A save of one that changes it restarts{' '}
            {props.service.name}.
          </p>
        </div>
        <section class="scroll-x" tabindex="0" aria-label="Files">
          <table class="plain">
            <thead>
              <tr>
                <th scope="col">File</th>
                <th scope="col">Asked for by</th>
                <th scope="col">Also loaded by</th>
              </tr>
            </thead>
            <tbody>
              <For each={files().slice(0, FEW)}>
                {(file) => (
                  <Row
                    file={file}
                    others={(shared().get(file.file) ?? []).filter((name) => name !== props.service.name)}
                  />
                )}
              </For>
            </tbody>
          </table>
        </section>
        <Show when={files().length > FEW}>
          <p class="remark">The first {FEW} are shown; search for the others.</p>
        </Show>
        <Missing missing={loads.latest?.missing ?? []} />
      </Show>
    </Show>
  );
}

function Row(props: { file: File; others: string[] }): JSX.Element {
  return (
    <tr>
      <td class="file">
        <FileLink file={props.file.file} />
        <Show when={props.file.entry}>
          <span class="tag">entry</span>
        </Show>
      </td>
      <td class="file">{props.file.parents.join(', ')}</td>
      <td>
        <For each={props.others.slice(0, 4)}>
          {(name) => (
            <a class="tag" href={pageOf.service(name, 'loads')} title={name}>
              {name}
            </a>
          )}
        </For>
        <Show when={props.others.length > 4}>
          <span title={props.others.slice(4).join(', ')}>and {props.others.length - 4} more</span>
        </Show>
      </td>
    </tr>
  );
}

function Missing(props: { missing: NonNullable<ServiceLoads['missing']> }): JSX.Element {
  return (
    <Show when={props.missing.length > 0}>
      <h2>Asked for in vain</h2>
      <ul class="names">
        <For each={props.missing}>
          {({ specifier, parent }) => (
            <li>
              <code>{specifier}</code> {parent === null ? '' : `by ${parent}`}
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}

function NoFiles(props: { loads: ServiceLoads | undefined }): JSX.Element {
  const why = () => {
    const exactness = props.loads?.exactness;
    if (exactness === undefined) return 'Reading…';
    if (exactness.kind === 'not-exact')
      return `It is not known exactly: ${exactness.reason}. Its folder is watched instead.`;
    if (exactness.kind === 'off') return 'It is not watched (watch: false).';
    if (exactness.kind === 'own-reload') return 'It takes care of edits itself.';
    return 'It has not run yet, or has only just begun.';
  };
  return <Empty title="No list of files" text={why()} />;
}
