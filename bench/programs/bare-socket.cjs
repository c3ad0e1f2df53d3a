// The least that can be killed and come back: greets, as a daemon does, whoever asks at the socket that it is given.
const { rmSync } = require('node:fs');
const path = process.argv[2];
rmSync(path, { force: true });
require('node:net')
  .createServer((client) => client.once('data', () => client.end(`{"type":"hello","pid":${process.pid}}\n`)))
  .listen(path);
