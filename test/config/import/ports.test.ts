import { expect, it } from 'vitest';
import { portInCommand, portInSource } from '../../../src/config/import/ports.ts';

it.each([
  ['vite --port 3000', 3000],
  ['next dev -p=3000', 3000],
  ['PORT=3000 node web.js', 3000],
  ['cross-env PORT=3000 node web.js', 3000],
  ['mkdir -p 2024 && node web.js --port 3000', 3000],
  ['concurrently "docker run -p 5432 postgres" "vite --port 3000"', 3000],
  ['sh -c "node web.js -p 3000"', 3000],
  ['mkdir -p 2024', null],
  ['node tunnel.js -p 8080:80', null],
  ['docker run -p 8080 web', null],
  ['docker run -e PORT=8080 web', null],
  ['DEBUG=1 sudo /usr/bin/docker run --port 8080 web', null],
  ['podman run -p 8080:80 web', null],
  ['docker-compose up', null],
  ['psql -p 5432 -c "select 1"', null],
])('the port of the command %s is %s', (command, port) => {
  expect(portInCommand(command)).toBe(port);
});

it.each([
  ['app.listen({ host: "::", port: 3000 })', 3000],
  ['createServer({ port: 3000 }).listen()', 3000],
  ['serve({ fetch: app.fetch, port: 3000 })', 3000],
  ['Deno.serve({ port: 3000 }, handler)', 3000],
  ['serve(app, { port: 3000 })', 3000],
  ['new WebSocketServer({ port: 3000 })', 3000],
  ['startStandaloneServer(server, { listen: { port: 3000 } })', 3000],
  ['const options = { host: "::", port: 3000 };\nserver.listen(options);', 3000],
  ['const config: Config = { port: 3000 };\napp.listen(config.port);', 3000],
  ['const port = 3000;\napp.listen(port);', 3000],
  ['const pool = new Pool({ port: 5432 });\napp.listen(3000);', 3000],
  ['const pool = new Pool({ port: 5432 });', null],
  ['const pool = new Pool({ port: 5432 });\ncreateServer(app).listen(process.env.PORT);', null],
  ['const db = { port: 5432 };\nconst pool = new Pool(db);\napp.listen(options);', null],
])('the port of the source %j is %s', (source, port) => {
  expect(portInSource(source)).toBe(port);
});
