// A server that is edited: answers with what its module says, and writes down that it started.
const { appendFileSync } = require('node:fs');
const { createServer } = require('node:http');
const { answer } = require('./answer.cjs');

appendFileSync(process.env.STARTS, `${process.pid}\n`);
createServer((_request, response) => response.end(answer)).listen(Number(process.env.PORT), '127.0.0.1');
