/** Two real servers that share a file, for tests of who waits for an edit. */
import { writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import { type Rig, testRig } from '../rig/rig.ts';

export interface Shop {
  rig: Rig;
  /** The address of `web`. */
  url: string;
  /** Writes the shared file: `web` and `api` answer with its word. */
  say(word: string): void;
  /** What `web` answers now. */
  answer(): Promise<string>;
}

const SERVER = `const http = require('node:http');
const { word } = require('../lib/word.cjs');
http.createServer((_, response) => response.end(word())).listen(Number(process.env.PORT));
`;

/** `web` and `api` share lib/word.cjs; `alone` uses nothing, and its own file is left out. All are started. */
export async function openShop(): Promise<Shop> {
  const rig = await testRig();
  const services: Record<string, object> = {};
  const ports: number[] = [];
  for (const name of ['web', 'api']) {
    const port = await rig.port();
    ports.push(port);
    rig.write(`servers/${name}.cjs`, SERVER);
    services[name] = { command: `node servers/${name}.cjs`, port, url: `http://127.0.0.1:${port}` };
  }
  rig.write('servers/alone.cjs', 'setInterval(() => {}, 1e6);\n');
  services['alone'] = { command: 'node servers/alone.cjs', watch: { ignore: ['alone.cjs'] } };
  const say = (word: string) =>
    writeFileSync(rig.path('lib/word.cjs'), `exports.word = () => ${JSON.stringify(word)};\n`);
  rig.write('lib/word.cjs', '');
  say('first');
  rig.configure(services as never);
  await rig.ok('start');
  const url = `http://127.0.0.1:${ports[0]}`;
  return { rig, url, say, answer: () => answerOf(url) };
}

/** `web` loads lz.cjs at a request alone, and does not start where there is a file `broken`. It is started. */
export async function openLazy(): Promise<{ rig: Rig; ask(): Promise<string> }> {
  const rig = await testRig();
  const port = await rig.port();
  rig.write(
    's.cjs',
    `if (require('node:fs').existsSync('broken')) throw new Error('broken');
require('node:http')
  .createServer((_, response) => response.end(require('./lz.cjs')))
  .listen(Number(process.env.PORT));
`,
  );
  rig.write('lz.cjs', "module.exports = 'one';");
  rig.configure({ web: { command: 'node s.cjs', port } });
  await rig.ok('start');
  return { rig, ask: () => answerOf(`http://127.0.0.1:${port}`) };
}

/** On a connection of its own: one that is kept alive stays with the run that it was opened to. */
function answerOf(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (response) => resolve(text(response))).on('error', reject);
  });
}
