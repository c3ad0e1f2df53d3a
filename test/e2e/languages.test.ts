/** Services in other languages under the real daemon: an edit of a module restarts who has loaded it, and nobody else. */
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { type Rig, testRig } from '../rig/rig.ts';
import { untilState } from './support.ts';

interface Language {
  name: string;
  command: string;
  /** Of the modules: `word.EXT` is loaded through `shop.EXT` by `web`, and by nobody else. */
  extension: string;
  files(port: number): Record<string, string>;
  word(word: string): string;
}

const PYTHON: Language = {
  name: 'Python',
  command: 'python3',
  extension: 'py',
  files: (port) => ({
    'web.py': `from http.server import BaseHTTPRequestHandler, HTTPServer
from shop import greeting
class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(greeting().encode())
HTTPServer(("127.0.0.1", ${port}), Answer).serve_forever()
`,
    'shop.py': 'import word\ndef greeting():\n    return word.WORD\n',
    'other.py': 'import time, apart\nwhile True: time.sleep(60)\n',
    'apart.py': '',
  }),
  word: (word) => `WORD = "${word}"\n`,
};

const RUBY: Language = {
  name: 'Ruby',
  command: 'ruby',
  extension: 'rb',
  files: (port) => ({
    'web.rb': `require 'socket'
require_relative 'shop'
server = TCPServer.new('127.0.0.1', ${port})
loop do
  client = server.accept
  client.readpartial(4096) rescue nil
  client.write("HTTP/1.1 200 OK\\r\\nconnection: close\\r\\ncontent-length: #{greeting.bytesize}\\r\\n\\r\\n#{greeting}") rescue nil
  client.close
end
`,
    'shop.rb': "require_relative 'word'\ndef greeting = WORD\n",
    'other.rb': "require_relative 'apart'\nsleep\n",
    'apart.rb': '',
  }),
  word: (word) => `WORD = '${word}'\n`,
};

const LANGUAGES = [PYTHON, RUBY].filter(({ command }) => spawnSync(command, ['--version']).status === 0);

async function started({ command, extension, files, word }: Language): Promise<{ rig: Rig; port: number }> {
  const rig = await testRig();
  const port = await rig.port();
  for (const [file, text] of Object.entries(files(port))) rig.write(file, text);
  rig.write(`word.${extension}`, word('first'));
  rig.configure({
    web: { command: `${command} web.${extension}`, port, url: `http://127.0.0.1:${port}` },
    other: { command: `${command} other.${extension}` },
  });
  await rig.ok('start');
  return { rig, port };
}

it.each(LANGUAGES)(
  '$name: an edit behind an import, a mistake in it, and its correction',
  async (language) => {
    const { rig, port } = await started(language);
    const file = `word.${language.extension}`;
    const says = async (word: string) =>
      (await (await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } })).text()) ===
      word;
    expect(await says('first')).toBe(true);
    expect(await rig.service('web')).toMatchObject({ watching: { kind: 'exact' }, run: 1 });

    rig.write(file, language.word('second'));
    await rig.eventually(() => says('second'), 'the edit is live');
    expect((await untilState(rig, 'web', 'ready')).cause).toMatchObject({
      kind: 'edit',
      files: [file],
      via: [`web.${language.extension}`, `shop.${language.extension}`, file],
    });

    rig.write(file, 'WORD = (\n');
    const isDown = () =>
      says('second').then(
        () => false,
        () => true,
      );
    await rig.eventually(isDown, 'it answers no more');
    rig.write(file, language.word('third'));
    await rig.eventually(() => says('third'), 'the correction is live');
    expect((await rig.service('other')).run).toBe(1);
  },
);
