/** `npm run chaos`: drives the fault machine, and reports. See docs/chaos.md. */
import { parseArgs } from 'node:util';
import setup from '../test/rig/global-setup.ts';
import { FAULTS } from './faults/index.ts';
import { runMachine } from './machine.ts';
import { quantile } from './tally.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    faults: { type: 'string', default: '40' },
    minutes: { type: 'string', default: '15' },
    only: { type: 'string', multiple: true, default: [] },
    node: { type: 'string', default: process.execPath },
    list: { type: 'boolean', default: false },
  },
});

if (values.list) {
  for (const { name, what } of FAULTS) console.log(`${name.padEnd(24)} ${what}`);
} else {
  await setup();
  const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
  console.log(`seed ${seed}`);
  const outcome = await runMachine({
    seed,
    faults: Number(values.faults),
    within: Number(values.minutes) * 60_000,
    only: values.only,
    node: values.node,
    tell: (line) => console.log(line),
  });
  const { tally } = outcome;
  console.log({ ...tally, back: undefined, p50: quantile(tally.back, 0.5), p99: quantile(tally.back, 0.99) });
  if (outcome.violation !== null) {
    console.error(outcome.violation);
    process.exitCode = 1;
  }
}
