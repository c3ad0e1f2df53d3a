import { createMemo, type JSX, Show } from 'solid-js';
import type { ApiLine } from '../../src/contract/api/logs.ts';
import { pageOf } from '../app/route.ts';
import { say } from '../data/messages.ts';
import { Button } from '../parts/Button.tsx';
import { clock, clockExact } from '../parts/words.ts';
import { pretty } from './json-line.ts';
import { Pieces } from './LogLine.tsx';
import { allWritten, bare } from './sequences.ts';

/** All of one line: wrapped, JSON indented, files as links. */
export function LineDetails(props: { line: ApiLine; marks: RegExp | null; onClose(): void }): JSX.Element {
  const json = createMemo(() => pretty(bare(props.line.text)));
  const copy = async (text: string, what: string) => {
    try {
      await navigator.clipboard.writeText(text);
      say({ tone: 'good', title: `Copied the ${what}` });
    } catch {
      say({ tone: 'bad', title: `The browser does not let the ${what} be copied` });
    }
  };
  return (
    <aside class="details" aria-label="Line">
      <header>
        <a href={pageOf.service(props.line.service)}>{props.line.service}</a>
        <Show when={props.line.run !== null}>
          <a href={`${pageOf.logs(props.line.service)}&run=${props.line.run}`}>run {props.line.run}</a>
        </Show>
        <Show when={props.line.time}>
          {(time) => (
            <time>
              {clock(time()).replace(clock(time(), { day: false }), '')}
              {clockExact(time())}
            </time>
          )}
        </Show>
        <Show when={props.line.cut}>
          <span>not whole: it is too long</span>
        </Show>
        <div class="actions">
          <Button
            icon="copy"
            label="Copy text"
            kind="quiet"
            onClick={() => copy(bare(allWritten(props.line.text)), 'text')}
          />
          <Button
            icon="link"
            label="Copy link"
            kind="quiet"
            onClick={() => copy(linkTo(props.line), 'link')}
          />
          <Button icon="close" label="Close the line" bare kind="quiet" onClick={() => props.onClose()} />
        </div>
      </header>
      <section class="details-text" tabindex="0" aria-label="Text of the line">
        <pre>
          <Pieces text={json() ?? allWritten(props.line.text)} marks={props.marks} />
        </pre>
      </section>
    </aside>
  );
}

export function linkTo({ service, time, id }: ApiLine): string {
  const query = new URLSearchParams({
    services: service,
    line: id,
    ...(time !== null && { at: String(Math.floor(time)) }),
  });
  return `${location.origin}/logs?${query}`;
}
