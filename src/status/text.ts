/** What `upkeep status` prints, whoever prints it. */
import type { StatusReport } from '../contract/status.ts';
import { paints } from './colours.ts';
import { renderStatus } from './render.ts';

/** How a person sees it. */
export interface Look {
  /** Columns of the terminal; null when it is none. */
  width: number | null;
  colours: boolean;
}

/** `now`: epoch ms; `look`: null for a program, which gets JSON. Ends with a line's end. */
export async function statusText(report: StatusReport, now: number, look: Look | null): Promise<string> {
  const text =
    look === null
      ? JSON.stringify(report, null, 2)
      : renderStatus(report, now, look.width, await paints(look.colours));
  return `${text}\n`;
}
