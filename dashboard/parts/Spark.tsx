/** The last two minutes as a line: the figure beside it says the rest. */
import { createMemo, type JSX } from 'solid-js';
import { lately, tick } from '../data/metrics.ts';

const POINTS = 60;
const WIDTH = 72;
const HEIGHT = 20;

/** `floor`: the least that the full height stands for, so that next to nothing looks like it. */
export function Spark(props: { service: string; what: 'cpu' | 'memory'; floor: number }): JSX.Element {
  const path = createMemo(() => {
    tick();
    return sparkPath(lately(props.service, props.what, POINTS), props.floor);
  });
  return (
    <svg
      class={`spark ${props.what}`}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      aria-hidden="true"
    >
      <path class="area" d={path().area} />
      <path class="line" d={path().line} />
    </svg>
  );
}

/** Pure. A gap where nothing ran. */
export function sparkPath(values: (number | null)[], floor: number): { line: string; area: string } {
  const top = Math.max(floor, ...values.map((value) => value ?? 0));
  const x = (index: number) => (WIDTH * (index + POINTS - values.length)) / (POINTS - 1);
  const y = (value: number) => HEIGHT - 1.5 - (value / top) * (HEIGHT - 3);
  let line = '';
  let area = '';
  let began: number | null = null;
  const finish = (to: number) => {
    if (began !== null) area += `L${x(to).toFixed(1)} ${HEIGHT}L${x(began).toFixed(1)} ${HEIGHT}Z`;
    began = null;
  };
  for (const [index, value] of values.entries()) {
    if (value === null) {
      finish(index - 1);
      continue;
    }
    const point = `${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
    line += `${began === null ? 'M' : 'L'}${point}`;
    area += `${began === null ? 'M' : 'L'}${point}`;
    began ??= index;
  }
  finish(values.length - 1);
  return { line, area };
}
