// The smallest server that can be asked: answers everything with its pid.
const { createServer } = require('node:http');

createServer((_request, response) => response.end(String(process.pid))).listen(
  Number(process.env.PORT),
  '127.0.0.1',
);
