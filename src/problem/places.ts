/** Places in source files, as runtimes print them. Pure. */
import { fileURLToPath } from 'node:url';

export interface Place {
  /** Absolute. */
  file: string;
  line: number;
  column: number | null;
}

const FILE = String.raw`((?:file:\/\/)?\/[^\s()"'][^()"']*?)`;
/** `    at handler (/app/x.js:3:7)`, `    at file:///app/x.mjs:3:7`. */
const NODE_FRAME = new RegExp(String.raw`^\s+at (?:.*\()?${FILE}:(\d+):(\d+)\)?$`);
/** `/app/x.js:3`, and esbuild's `/app/x.ts:3:7: ERROR: …`: above the error itself. */
const NODE_HEAD = new RegExp(String.raw`^${FILE}:(\d+)(?::(\d+): .*)?$`);
/** `  File "/app/x.py", line 3, in handler` */
const PYTHON_FRAME = /^\s+File "(\/[^"]+)", line (\d+)/;
/** `/app/x.rb:3:in 'handler': boom (RuntimeError)`, `	from /app/y.rb:7:in …`. */
const RUBY_FRAME = /^(?:\s+from )?(\/[^:]+):(\d+):in /;

/** Null when the line names none. */
export function placeIn(text: string): Place | null {
  for (const pattern of [NODE_FRAME, NODE_HEAD, PYTHON_FRAME, RUBY_FRAME]) {
    const [, file, line, column] = pattern.exec(text) ?? [];
    if (file === undefined) continue;
    return { file: pathOf(file), line: Number(line), column: column === undefined ? null : Number(column) };
  }
  return null;
}

function pathOf(text: string): string {
  if (!text.startsWith('file://')) return text;
  try {
    return fileURLToPath(text);
  } catch {
    return text.slice('file://'.length);
  }
}
