// The least that can be killed and come back: says its pid to whoever connects to the socket that it is given.
const { rmSync } = require('node:fs');
const path = process.argv[2];
rmSync(path, { force: true });
require('node:net')
  .createServer((client) => client.once('data', () => client.end(`{"pid":${process.pid}}`)))
  .listen(path);
