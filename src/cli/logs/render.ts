/** A line of a log as text for a person, or for a program. */
import stringWidth from 'fast-string-width';
import pc from 'picocolors';
import type { LogLine } from '../../logs/lines.ts';
import { plain } from '../../logs/query.ts';

export interface LineStyle {
  colour: boolean;
  timestamps: boolean;
  json: boolean;
  /** Services shown together: their names stand before the lines. */
  services: string[];
}

const RESET = '\u001b[0m';
const TIME_WIDTH = 23;

/** Ends with a newline. */
export function lineRenderer(style: LineStyle): (line: LogLine) => string {
  if (style.json) return jsonLine;
  const colours = pc.createColors(style.colour);
  const names = prefixes(style.services, colours);
  return (line) => {
    const time = style.timestamps ? `${colours.dim(localTime(line.time))} ` : '';
    const name = names.get(line.service) ?? '';
    return `${time}${name}${content(line.text, style.colour)}\n`;
  };
}

/** A colour that a program leaves open must not run into what follows. */
function content(text: string, colour: boolean): string {
  if (!colour) return plain(text);
  return text.includes('\u001b') ? `${text}${RESET}` : text;
}

function jsonLine({ service, run, time, text }: LogLine): string {
  const iso = time === null ? null : new Date(time).toISOString();
  return `${JSON.stringify({ service, run, time: iso, line: plain(text) })}\n`;
}

function prefixes(services: string[], colours: ReturnType<typeof pc.createColors>): Map<string, string> {
  if (services.length < 2) return new Map();
  const width = Math.max(...services.map((service) => stringWidth(service)));
  const palette = [
    colours.cyan,
    colours.yellow,
    colours.green,
    colours.magenta,
    colours.blue,
    colours.red,
    colours.cyanBright,
    colours.yellowBright,
    colours.greenBright,
    colours.magentaBright,
    colours.blueBright,
  ];
  return new Map(
    services.map((service) => {
      const paint = palette[hash(service) % palette.length] as (text: string) => string;
      return [service, `${paint(service + ' '.repeat(width - stringWidth(service)))} ${colours.dim('|')} `];
    }),
  );
}

/** FNV-1a: a name has the same colour wherever it is shown. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of Buffer.from(text)) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value;
}

/** `2026-11-23 14:02:03.120`, local; dashes when it is not known. */
function localTime(time: number | null): string {
  if (time === null) return '-'.padEnd(TIME_WIDTH);
  const date = new Date(time);
  const local = new Date(time - date.getTimezoneOffset() * 60_000);
  return local.toISOString().replace('T', ' ').slice(0, TIME_WIDTH);
}
