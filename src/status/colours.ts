/** Colours, by a library that is loaded only where somebody sees them. */

type Paint = (text: string) => string;

export interface Colours {
  green: Paint;
  red: Paint;
  yellow: Paint;
  dim: Paint;
}

const plain: Paint = (text) => text;

export async function paints(areSeen: boolean): Promise<Colours> {
  if (!areSeen) return { green: plain, red: plain, yellow: plain, dim: plain };
  return (await import('picocolors')).default.createColors(true);
}
