import { describe, expect, it } from 'vitest';
import { type Row, screenOf, svgOf } from '../../tools/terminal-svg.ts';

const ESC = '\u001b';

function textOf(rows: Row[]): string[] {
  return rows.map((row) => Array.from(row, (cell) => cell?.char ?? ' ').join(''));
}

describe('a screen', () => {
  it('has what was printed, with its colours', () => {
    const rows = screenOf(`${ESC}[32mok${ESC}[39m ${ESC}[2mdim${ESC}[22m\r\nnext`);
    expect(textOf(rows)).toEqual(['ok dim', 'next']);
    const [ok, , blank, dim] = rows[0] ?? [];
    expect(new Set([ok?.fill, blank?.fill, dim?.fill]).size).toBe(3);
  });

  it('shows only the last of lines that were drawn again', () => {
    const frame = (state: string) => `web ${state}\r\napi ${state}\r\n`;
    const again = `${ESC}[2K${ESC}[1A`.repeat(2) + ESC.concat('[2K', ESC, '[G');
    expect(textOf(screenOf(`${frame('starting')}${again}${frame('ready')}`))).toEqual([
      'web ready',
      'api ready',
      '',
    ]);
    expect(textOf(screenOf(`a\r\nb\r\nc${ESC}[2A${ESC}[G${ESC}[0Jd`))).toEqual(['d']);
  });

  it('refuses what it does not understand, rather than to draw it wrong', () => {
    expect(() => screenOf(`${ESC}[5;5H`)).toThrow('ESC[5;5H');
  });
});

describe('a picture', () => {
  it('shows reversed text in the colour of the ground', () => {
    const picture = svgOf(screenOf(`${ESC}[7m a ${ESC}[27mb`), 10, 'title');
    expect(picture).toMatch(
      /<rect x="18\.0" [^>]*width="22\.8"[^>]*fill="#d6dde6"\/><text[^>]*fill="#0d1117"[^>]*> a </,
    );
    expect(picture).toMatch(/fill="#d6dde6"[^>]*>b</);
  });

  it('places each word by its column and keeps signs of XML apart', () => {
    const picture = svgOf(screenOf('a  <b>'), 10, 'x & y');
    expect(picture).toContain('aria-label="x &amp; y"');
    expect(picture).toMatch(/x="18\.0".*>a<\/text>/);
    expect(picture).toMatch(/x="40\.8".*>&lt;b><\/text>/);
  });
});
