import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { linuxPorts, parseListeners, systemPorts } from '../../src/platform/ports.ts';

const HEAD =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
const TABLE = `${HEAD}
   0: 0100007F:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 52911 1 0000000000000000 100 0 0 10 0
   1: 0100007F:0BB8 0100007F:D2F0 01 00000000:00000000 00:00000000 00000000  1000        0 52912 1 0000000000000000 20 4 30 10 -1
   2: 00000000000000000000000000000000:01BB 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 17 1
   3: 0100007F:FFFF 00000000:0000 06 00000000:00000000 00:00000000 00000000  1000        0 0 1
`;

describe('parseListeners', () => {
  it('takes listening sockets only, of both families', () => {
    expect(parseListeners(TABLE)).toEqual([
      [3000, '52911'],
      [443, '17'],
    ]);
  });

  it.each(['', HEAD, `${HEAD}\n`, `${HEAD}\n  0: nonsense`, `${HEAD}\n 0: x y 0A`])('%j has none', (text) => {
    expect(parseListeners(text)).toEqual([]);
  });
});

async function listening(): Promise<{ port: number; close(): Promise<unknown> }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const close = () => new Promise((resolve) => server.close(resolve));
  return { port: typeof address === 'object' && address !== null ? address.port : 0, close };
}

describe.skipIf(process.platform !== 'linux')('linuxPorts', () => {
  it('tell who listens, and that it is over', async () => {
    const ports = linuxPorts();
    const { port, close } = await listening();
    const sockets = ports.listening().get(port) ?? new Set();
    expect(sockets.size).toBe(1);
    expect(ports.owns(process.pid, sockets)).toBe(true);
    expect(ports.owns(process.ppid, sockets)).toBe(false);
    expect(ports.owns(2 ** 22 + 1, sockets), 'nobody').toBe(false);
    await close();
    expect(ports.listening().has(port)).toBe(false);
  });

  it('are none where there is no table', () => {
    expect(linuxPorts('/nowhere').listening().size).toBe(0);
  });
});

describe('by lsof', () => {
  const { PATH, UPKEEP_PLATFORM } = process.env;
  afterEach(() => {
    process.env['PATH'] = PATH;
    if (UPKEEP_PLATFORM === undefined) delete process.env['UPKEEP_PLATFORM'];
    else process.env['UPKEEP_PLATFORM'] = UPKEEP_PLATFORM;
  });

  function fakeLsof(text: string) {
    const folder = mkdtempSync(join(tmpdir(), 'upkeep-lsof-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'lsof'), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    process.env['PATH'] = `${folder}:${PATH}`;
    process.env['UPKEEP_PLATFORM'] = 'ps';
    return systemPorts();
  }

  it('a port leads to the processes that hold it', () => {
    const ports = fakeLsof(
      "printf 'p12\\nf20\\nn127.0.0.1:3000\\nf21\\nn[::1]:3000\\np13\\nf5\\nn*:3000\\nn*:8080\\n'",
    );
    const found = ports.listening();
    expect(found).toEqual(
      new Map([
        [3000, new Set(['12', '13'])],
        [8080, new Set(['13'])],
      ]),
    );
    expect([
      ports.owns(12, found.get(8080) ?? new Set()),
      ports.owns(13, found.get(8080) ?? new Set()),
    ]).toEqual([false, true]);
  });

  it('nothing listens when it finds nothing, which it tells by failing', () => {
    expect(fakeLsof('exit 1').listening().size).toBe(0);
  });
});
