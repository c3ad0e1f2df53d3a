/** The whole log can be walked through, whatever is at hand; what is shown never jumps. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bottomOf, endOf, lineCount, linesOf, MOST_LINES } from '../../../src/cli/top/log-window.ts';
import type { Effect } from '../../../src/cli/top/model.ts';
import { lineOf, pageOf, statusOf, Ui } from './logs.ts';

const PAGE = 300;

/** Answers what the window asks for, as the API would. */
function reader(count: number) {
  const lines = Array.from({ length: count }, (_, number) => lineOf(number));
  const ui = new Ui([statusOf('web')]);
  const answer = (effects: Effect[]): void => {
    for (const effect of effects) {
      if (effect.do !== 'page') continue;
      const { place, asked } = effect;
      const at = 'cursor' in effect ? Number(effect.cursor) : 0;
      const page =
        place === 'end'
          ? pageOf(lines, lines.length - PAGE, lines.length)
          : place === 'start'
            ? pageOf(lines, 0, PAGE)
            : place === 'above'
              ? pageOf(lines, at - PAGE, at)
              : pageOf(lines, at, at + PAGE);
      answer(ui.tell({ type: 'page', asked, place, page }));
    }
  };
  answer(ui.effects);
  const press = (...keys: string[]) => answer(ui.press(...keys));
  const print = (more: number) => {
    const news = Array.from({ length: more }, (_, number) => lineOf(lines.length + number));
    lines.push(...news);
    ui.tell({ type: 'lines', asked: ui.model.asked, lines: news, cursor: String(lines.length) });
  };
  return { ui, lines, press, print, lowest: () => linesOf(ui.model.log)[bottomOf(ui.model.log) - 1]?.text };
}

it('walks from the end to the beginning and back, page by page, without a gap', () => {
  const { ui, press, lowest } = reader(10_000);
  expect(lowest()).toBe('line 9999');
  for (let at = 9999; at > 40; ) {
    press('pageup');
    const now = Number(lowest()?.slice(5));
    expect(at - now).toBeGreaterThan(0);
    expect(at - now).toBeLessThan(20);
    at = now;
    expect(lineCount(ui.model.log)).toBeLessThanOrEqual(MOST_LINES + PAGE);
  }
  press('pageup', 'pageup', 'pageup');
  expect(lowest()).toBe('line 18');
  for (let times = 0; times < 700 && ui.model.log.bottom !== null; times++) press('pagedown');
  expect(lowest()).toBe('line 9999');
  expect(ui.model.log.bottom).toBe(null);
});

it('keeps still what is read while lines come, and says how many', () => {
  const { ui, press, print, lowest } = reader(1000);
  press('space');
  print(50);
  expect(lowest()).toBe('line 999');
  expect(ui.model.log.unseen).toBe(50);
  press('space');
  expect(lowest()).toBe('line 1049');
});

it('stops to listen when nobody sees what comes, and finds it all the same', () => {
  const { ui, press, print, lowest } = reader(1000);
  press('space');
  for (let batch = 0; batch < 100; batch++) print(300);
  expect(ui.effects.at(-1)).toEqual({ do: 'unfollow' });
  expect(lineCount(ui.model.log)).toBeLessThanOrEqual(MOST_LINES);
  expect(lowest()).toBe('line 999');
  press('J');
  expect(lowest()).toBe('line 1000');
  press('G');
  expect(lowest()).toBe('line 30999');
  expect(ui.effects.at(-1)).toMatchObject({ do: 'follow', cursor: '31000' });
});

it('takes little memory for many lines', () => {
  const { ui, print, lowest } = reader(0);
  for (let batch = 0; batch < 500; batch++) print(300);
  expect(lineCount(ui.model.log)).toBeLessThanOrEqual(MOST_LINES + PAGE);
  expect(lowest()).toBe('line 149999');
});

it('joins its pages, whatever is pressed and printed', () => {
  const deed = fc.constantFrom('pageup', 'pagedown', 'K', 'J', 'g', 'G', 'space', 'print', 'flood');
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 60 }), (deeds) => {
      const { ui, press, print } = reader(5000);
      for (const each of deeds) {
        if (each === 'print') print(7);
        else if (each === 'flood') print(2500);
        else press(each);
        const numbers = linesOf(ui.model.log).map(({ text }) => Number(text.slice(5)));
        expect(numbers.every((number, index) => number === (numbers[0] ?? 0) + index)).toBe(true);
        expect(endOf(ui.model.log)).toBe(String((numbers.at(-1) ?? -1) + 1));
        expect(bottomOf(ui.model.log)).toBeLessThanOrEqual(numbers.length);
      }
    }),
    { numRuns: 60 },
  );
});
