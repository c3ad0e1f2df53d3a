import { For, type JSX, Show } from 'solid-js';
import type { Run } from '../../src/contract/api/history.ts';
import { Pieces } from '../logs/LogLine.tsx';
import { FileLink } from '../parts/FileLink.tsx';

/** What a run printed before it ended by itself; and the code in which its error was thrown, as it is now. */
export function LastWords(props: { run: Run }): JSX.Element {
  const place = () => {
    const { problem } = props.run;
    return problem?.file == null || problem.frame.length === 0 ? null : { ...problem, file: problem.file };
  };
  return (
    <>
      <Show when={props.run.lastLines.length > 0}>
        <section class="last-lines" tabindex="0" aria-label={`Last lines of run ${props.run.run}`}>
          <pre>
            <For each={props.run.lastLines}>
              {(line) => (
                <div>
                  <Pieces text={line} marks={null} />
                </div>
              )}
            </For>
          </pre>
        </section>
      </Show>
      <Show when={place()}>
        {(its) => (
          <section class="frame" tabindex="0" aria-label={`Code of the error of run ${props.run.run}`}>
            <header>
              <FileLink file={its().file} line={its().line ?? 1} column={its().column ?? 1} /> as it is now
            </header>
            <pre>
              <For each={its().frame}>
                {(text) => <div data-meant={text.startsWith('>') ? '' : undefined}>{text}</div>}
              </For>
            </pre>
          </section>
        )}
      </Show>
    </>
  );
}
