import { For, type JSX } from 'solid-js';
import type { Edge, Picture } from './layout.ts';

/** The arrows of a picture; those at `pointed` stand out. `words`: what a person who points at one is told. */
export function Arrows<E extends Edge>(props: {
  arrows: Picture<E>['arrows'];
  pointed: string | null;
  words(edge: E): string;
  isOptional?(edge: E): boolean;
}): JSX.Element {
  const isLit = ({ from, to }: Edge) => props.pointed === from || props.pointed === to;
  return (
    <>
      <defs>
        <marker id="head" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="7" markerHeight="7" orient="auto">
          <path d="M0 0 8 4 0 8Z" />
        </marker>
      </defs>
      <For each={props.arrows}>
        {(each) => (
          <path
            class="arrow"
            classList={{
              optional: props.isOptional?.(each) === true,
              lit: isLit(each),
              dim: props.pointed !== null && !isLit(each),
            }}
            d={each.path}
            marker-end="url(#head)"
          >
            <title>{props.words(each)}</title>
          </path>
        )}
      </For>
    </>
  );
}

/** `most`: characters that there is room for. */
export function shortened(name: string, most: number): string {
  return name.length > most ? `${name.slice(0, most - 1)}…` : name;
}
