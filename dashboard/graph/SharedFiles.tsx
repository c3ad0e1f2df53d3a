import { createSignal, For, type JSX, Show } from 'solid-js';
import type { LoadsOverview } from '../../src/contract/api/loads.ts';
import { pageOf } from '../app/route.ts';
import { FileLink } from '../parts/FileLink.tsx';

const FEW = 12;

/** Files of which an edit restarts more than one. */
export function SharedFiles(props: { overview: LoadsOverview }): JSX.Element {
  const [all, setAll] = createSignal(false);
  const files = () => (all() ? props.overview.shared : props.overview.shared.slice(0, FEW));
  return (
    <Show when={props.overview.shared.length > 0}>
      <div class="card">
        <header>
          <h2 id="shared">Files that several services loaded</h2>
        </header>
        <section class="scroll-x" tabindex="0" aria-labelledby="shared">
          <table class="plain">
            <thead>
              <tr>
                <th scope="col">File</th>
                <th scope="col">An edit restarts</th>
              </tr>
            </thead>
            <tbody>
              <For each={files()}>
                {({ file, services }) => (
                  <tr>
                    <td class="file">
                      <FileLink file={file} />
                    </td>
                    <td>
                      <For each={services}>
                        {(name) => (
                          <a class="tag" href={pageOf.service(name, 'loads')} title={name}>
                            {name}
                          </a>
                        )}
                      </For>
                    </td>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        </section>
        <Show when={!all() && props.overview.shared.length > FEW}>
          <button type="button" class="button" onClick={() => setAll(true)}>
            Show all {props.overview.shared.length}
          </button>
        </Show>
      </div>
    </Show>
  );
}
