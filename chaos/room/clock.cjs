// Preloaded: what the clock says is off by so many ms as the file CHAOS_CLOCK says, read when it has changed.
const { readFileSync } = require('node:fs');

const file = process.env.CHAOS_CLOCK;
const SystemDate = Date;
/** ms between looks at the file. */
const LOOK = 50;
let offset = 0;
let looked = Number.NEGATIVE_INFINITY;

function now() {
  const at = performance.now();
  if (at - looked > LOOK) {
    looked = at;
    try {
      offset = Number(readFileSync(file, 'utf8'));
    } catch {
      offset = 0;
    }
  }
  return SystemDate.now() + offset;
}

globalThis.Date = class extends SystemDate {
  constructor(...args) {
    super(...(args.length === 0 ? [now()] : args));
  }
  static now() {
    return now();
  }
};
