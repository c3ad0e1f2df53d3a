// A server that is edited: answers with what its module says, and writes down when it started, in epoch ms.
const { appendFileSync } = require('node:fs');
const { createServer } = require('node:http');
const { answer } = require('./answer.cjs');

appendFileSync(process.env.STARTS, `${performance.timeOrigin + performance.now()}\n`);
createServer((_request, response) => response.end(answer)).listen(Number(process.env.PORT), '127.0.0.1');
