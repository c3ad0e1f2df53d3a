// Prints numbered lines of 100 bytes by console.log, as an application would, and notes how long it took.
//
//   lines.cjs COUNT return|exit RESULT-FILE
//
// `return` lets Node end by itself once all is written; `exit` calls process.exit right after the last line.
const { writeFileSync } = require('node:fs');
const [count, ending, resultFile] = process.argv.slice(2);

const filler = 'x'.repeat(89);
const began = performance.now();
process.once('exit', () => writeFileSync(resultFile, String(performance.now() - began)));
for (let i = 0; i < Number(count); i++) console.log(`${String(i).padStart(9, '0')} ${filler}`);
if (ending === 'exit') process.exit(0);
