/** `upkeep mcp`, spoken to by the SDK's own client over standard input and output, about real servers. */
import { mkdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ListRootsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { expect, it, onTestFinished } from 'vitest';
import { CLI, NODE, type Rig, testRig } from '../rig/rig.ts';
import { logOf } from './support.ts';
import { openShop } from './wait-rig.ts';

interface Answer {
  isError?: boolean;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: the SDK checks it against the tool's own schema
  answer: any;
}

/** `cwd`: where the client starts the server; `roots`: the uris that it tells of. */
async function connected(rig: Rig, { cwd = rig.workspace, roots }: { cwd?: string; roots?: string[] } = {}) {
  const transport = new StdioClientTransport({
    command: NODE,
    args: [CLI, 'mcp'],
    cwd,
    env: rig.env as Record<string, string>,
    stderr: 'pipe',
  });
  const client = new Client(
    { name: 'test', version: '1' },
    { capabilities: roots === undefined ? {} : { roots: {} } },
  );
  if (roots !== undefined)
    client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: roots.map((uri) => ({ uri })) }));
  const faults: Error[] = [];
  client.onerror = (error) => faults.push(error);
  await client.connect(transport);
  onTestFinished(() => client.close());
  const call = async (
    name: string,
    args: Record<string, unknown> = {},
    options: Parameters<Client['callTool']>[2] = {},
  ): Promise<Answer> => {
    const result = await client.callTool({ name, arguments: args }, undefined, options);
    const [first] = result.content as { text: string }[];
    return {
      text: first?.text ?? '',
      answer: result.structuredContent,
      ...(result.isError === true && { isError: true }),
    };
  };
  return { client, call, faults };
}

it('edit, wait, answer; a broken edit is an error with file, line and code', async () => {
  const { rig, say, answer } = await openShop();
  const { client, call, faults } = await connected(rig);
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name).sort()).toEqual(
    ['concerns', 'logs', 'restart', 'start', 'status', 'stop', 'wait_for_edit', 'why'].sort(),
  );
  expect(tools.every(({ outputSchema, description }) => outputSchema && description)).toBe(true);
  expect(client.getInstructions()).toContain('wait_for_edit');

  say('second');
  const progress: unknown[] = [];
  const live = await call(
    'wait_for_edit',
    { files: ['lib/word.cjs'] },
    { onprogress: (each) => progress.push(each) },
  );
  expect(await answer()).toBe('second');
  expect(live.answer).toMatchObject({ outcome: 'ready', files: ['lib/word.cjs'] });
  expect(progress[0]).toMatchObject({ message: expect.stringMatching(/^(web|api): /) });

  rig.write('lib/word.cjs', "exports.word = 1;\nthrow new RangeError('too far');\n");
  const broken = await call('wait_for_edit', { files: ['lib/word.cjs'] });
  expect(broken.answer.outcome).toBe('failed');
  expect(broken.answer.services[0].problem).toMatchObject({
    type: 'RangeError',
    message: 'too far',
    file: 'lib/word.cjs',
    line: 2,
  });
  expect(broken.text).toContain("> 2 | throw new RangeError('too far');");
  expect(await answer()).toBe('second');
  const errors = await call('logs', { errors: true, since_edit: true, services: ['web'] });
  expect(errors.answer.lines.map(({ text }: { text: string }) => text)).toContain('RangeError: too far');
  const why = await call('why', { service: 'web', limit: 1 });
  expect(why.answer.runs[0].story.join()).toContain('lib/word.cjs changed');
  const status = await call('status', { services: ['web'] });
  expect(status.answer.services[0].notes[0]).toContain('the last edit did not come to run');

  rig.write('other.cjs', '');
  expect((await call('wait_for_edit', { files: ['other.cjs'] })).answer.outcome).toBe('nobody');
  const concerns = await call('concerns', { file: 'lib/word.cjs' });
  expect(concerns.answer.services).toHaveLength(2);
  expect(faults).toEqual([]);
});

it('starts and stops without a daemon; errors say what to do; a configuration may print', async () => {
  const rig = await testRig();
  const { call, faults } = await connected(rig);
  const none = await call('status');
  expect(none).toMatchObject({ isError: true, text: expect.stringContaining('upkeep init') });
  rig.write('web.mjs', 'setInterval(() => {}, 1e6);\n');
  rig.write(
    'upkeep.config.mjs',
    "console.log('from the configuration');\nexport default { services: { web: { command: 'node web.mjs' } } };\n",
  );
  expect((await call('status')).answer).toMatchObject({ daemon: 'not running', services: [{ name: 'web' }] });
  expect(await call('wait_for_edit')).toMatchObject({
    isError: true,
    text: expect.stringContaining('start'),
  });
  expect((await call('start')).answer.services).toMatchObject([{ service: 'web', ok: true, state: 'ready' }]);
  expect((await call('restart', { services: ['web'] })).answer.services[0].ok).toBe(true);
  expect((await call('why', { service: 'web' })).text).toContain('asked for by an agent, through MCP');
  expect(await call('why', { service: 'web', run: 99 })).toMatchObject({
    isError: true,
    text: expect.stringContaining('Nothing is known of run 99 of web.'),
  });
  expect(await call('logs', { services: ['wbe'] })).toMatchObject({
    isError: true,
    text: expect.stringContaining('Did you mean "web"?'),
  });
  // What is not known is not passed over: an agent would take the answer for that to what it asked.
  for (const [tool, args, words] of [
    ['logs', { services: ['web'], lines: 3 }, 'There is no "lines" here. Known: services, errors,'],
    ['status', { service: ['web'] }, 'There is no "service" here. Did you mean "services"?'],
    ['stop', { services: ['*'], wait: false }, 'There is no "wait" here. Known: services.'],
    ['concerns', { file: 'web.mjs', run: 1 }, 'There is no "run" here. Known: file.'],
  ] as const)
    expect(await call(tool, args)).toMatchObject({ isError: true, text: expect.stringContaining(words) });
  expect((await call('stop', { services: ['*'] })).answer.services[0].state).toBe('stopped');
  expect(faults).toEqual([]);
});

it('finds the workspace by the roots of the client; a wait can be cancelled', async () => {
  const rig = await testRig();
  const port = await rig.port();
  rig.configure({ slow: { port, does: [] } });
  await rig.ok('start', '--no-wait');
  const elsewhere = rig.path('../elsewhere');
  mkdirSync(elsewhere);
  // What is no file, no path or not there says nothing about the others.
  const useless = ['http://x', 'file://%00/', 'nonsense', pathToFileURL(rig.path('removed')).href];
  const lost = await connected(rig, { cwd: elsewhere, roots: useless });
  expect(await lost.call('status')).toMatchObject({
    isError: true,
    text: expect.stringContaining('No configuration was found'),
  });
  const roots = [...useless, pathToFileURL(rig.workspace).href];
  const { call } = await connected(rig, { cwd: elsewhere, roots });
  expect((await call('status')).answer.workspace).toBe(rig.workspace);
  const enough = new AbortController();
  const waiting = call(
    'wait_for_edit',
    {},
    { signal: enough.signal, onprogress: () => enough.abort('enough') },
  );
  await expect(waiting).rejects.toThrow('enough');
  expect((await call('wait_for_edit', { timeout_seconds: 1 })).answer).toMatchObject({
    outcome: 'timeout',
    services: [{ service: 'slow', state: 'starting' }],
  });
});

it('logs: of one run, since a moment, by an expression, so many', async () => {
  const rig = await testRig();
  rig.configure({
    web: { does: [{ do: 'print', lines: 30 }] },
    other: { does: [{ do: 'print', text: 'what \u202eturns\n' }] },
  });
  await rig.ok('start');
  await (await rig.nextInvocation('web')).do({ do: 'print', prefix: 'Again', lines: 3 });
  await rig.eventually(() => logOf(rig, 'web').includes('Again 3'), 'the last line of run 1');
  const since = new Date().toISOString();
  await rig.ok('restart', 'web');
  await rig.eventually(() => logOf(rig, 'web').match(/^line 30$/gm)?.length === 2, 'the lines of run 2');
  const { call } = await connected(rig);
  const lines = async (filter: object) => {
    const { answer } = await call('logs', { services: ['web'], ...filter });
    return answer.lines.map(({ run, text }: { run: number; text: string }) => `${run} ${text}`);
  };
  expect(await lines({ run: 1 })).toHaveLength(33);
  const second = Array.from({ length: 30 }, (_, index) => `2 line ${index + 1}`);
  expect(await lines({ run: 2 })).toEqual(second);
  expect(await lines({ run: 'last' })).toEqual(second);
  expect(await lines({ since })).toEqual(second);
  expect(await lines({ grep: '^Again [12]$' })).toEqual(['1 Again 1', '1 Again 2']);
  expect(await lines({ grep: '(?i)AGAIN', run: 2 })).toEqual([]);
  expect(await lines({ grep: '(?i)AGAIN', limit: 1 })).toEqual(['1 Again 3']);
  expect((await call('logs', { limit: 5 })).answer).toMatchObject({ cut: true, lines: { length: 5 } });
  const other = { cut: false, lines: [{ text: 'what turns' }] };
  expect((await call('logs', { services: ['other'] })).answer).toMatchObject(other);
  expect(await call('logs', { since: 'yesteryear' })).toMatchObject({ isError: true });
});
