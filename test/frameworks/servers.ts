/** Frameworks that run what they are given: Upkeep restarts them. */
import type { Framework } from './framework.ts';

/** One ES module that answers. */
function server(name: string, text: (answer: string) => string, more: Partial<Framework> = {}): Framework {
  return {
    name,
    package: null,
    command: () => 'node server.mjs',
    files: (answer) => ({ 'server.mjs': text(answer) }),
    edited: 'server.mjs',
    ...more,
  };
}

export const EXPRESS_5 = server(
  'Express 5',
  (answer) => `import express from 'express';
const app = express();
app.get('/', (request, response) => response.send('${answer}'));
app.listen(process.env.PORT);
`,
  { package: 'express' },
);

export const EXPRESS_4 = server('Express 4', () => '', {
  package: 'express4',
  command: () => 'node app.js',
  files: (answer) => ({
    'app.js': `const express = require('express4');
const app = express();
app.get('/', require('./routes.js'));
app.listen(process.env.PORT, () => console.log('listening'));
`,
    'routes.js': `module.exports = (request, response) => response.send('${answer}');\n`,
  }),
  edited: 'routes.js',
});

export const FASTIFY = server(
  'Fastify',
  (answer) => `import Fastify from 'fastify';
const fastify = Fastify({ logger: true });
fastify.get('/', async () => '${answer}');
await fastify.listen({ port: Number(process.env.PORT) });
`,
  { package: 'fastify' },
);

export const WS = server(
  'ws',
  (answer) => `import { WebSocketServer } from 'ws';
const server = new WebSocketServer({ port: process.env.PORT });
server.on('connection', (socket) => socket.on('message', () => socket.send('${answer}')));
`,
  { package: 'ws', load: { protocol: 'ws' } },
);

export const KOA = server(
  'Koa',
  (answer) => `import Koa from 'koa';
const app = new Koa();
app.use((context) => { context.body = '${answer}'; });
app.listen(process.env.PORT);
`,
  { package: 'koa' },
);

export const HONO = server(
  'Hono (node-server)',
  (answer) => `import { serve } from '@hono/node-server';
import { Hono } from 'hono';
const app = new Hono();
app.get('/', (context) => context.text('${answer}'));
serve({ fetch: app.fetch, port: Number(process.env.PORT) });
`,
  { package: 'hono' },
);

export const HAPI = server(
  'hapi',
  (answer) => `import Hapi from '@hapi/hapi';
const server = Hapi.server({ port: process.env.PORT, host: 'localhost' });
server.route({ method: 'GET', path: '/', handler: () => '${answer}' });
await server.start();
`,
  { package: '@hapi/hapi', load: { host: 'localhost' } },
);

export const POLKA = server(
  'Polka',
  (answer) => `import polka from 'polka';
polka().get('/', (request, response) => response.end('${answer}')).listen(process.env.PORT);
`,
  { package: 'polka' },
);

export const SOCKET_IO = server(
  'socket.io',
  (answer) => `import { createServer } from 'node:http';
import { Server } from 'socket.io';
const server = createServer((request, response) => response.end('${answer}'));
new Server(server).on('connection', (socket) => socket.emit('answer', '${answer}'));
server.listen(process.env.PORT);
`,
  { package: 'socket.io' },
);

export const TRPC = server(
  'tRPC standalone',
  (answer) => `import { initTRPC } from '@trpc/server';
import { createHTTPServer } from '@trpc/server/adapters/standalone';
const t = initTRPC.create();
const router = t.router({ hello: t.procedure.query(() => '${answer}') });
createHTTPServer({ router }).listen(Number(process.env.PORT));
`,
  { package: '@trpc/server', load: { path: '/hello' } },
);

export const YOGA = server(
  'GraphQL Yoga',
  (answer) => `import { createServer } from 'node:http';
import { createSchema, createYoga } from 'graphql-yoga';
const schema = createSchema({
  typeDefs: 'type Query { hello: String }',
  resolvers: { Query: { hello: () => '${answer}' } },
});
createServer(createYoga({ schema })).listen(process.env.PORT);
`,
  { package: 'graphql-yoga', node: '22', load: { path: '/graphql?query=%7Bhello%7D' } },
);

export const PLAIN = [
  server(
    'node:http',
    (answer) => `import { createServer } from 'node:http';
createServer((request, response) => response.end('${answer}')).listen(process.env.PORT);
`,
  ),
  server(
    'node:https',
    (answer) => `import { createServer } from 'node:https';
// Without a certificate, of which none has to be kept here.
const options = { ciphers: 'AECDH-AES128-SHA:@SECLEVEL=0', maxVersion: 'TLSv1.2' };
createServer(options, (request, response) => response.end('${answer}')).listen(process.env.PORT);
`,
    { load: { protocol: 'https' } },
  ),
  server(
    'node:http2',
    (answer) => `import { createServer } from 'node:http2';
createServer((request, response) => response.end('${answer}')).listen(process.env.PORT);
`,
    { load: { protocol: 'http2' } },
  ),
];

const TYPED = (answer: string) => `import { createServer } from 'node:http';
const port: number = Number(process.env.PORT);
createServer((request, response) => response.end('${answer}')).listen(port);
`;

export const TSX: Framework = {
  name: 'tsx server.ts',
  package: 'tsx',
  command: () => 'npx tsx server.ts',
  files: (answer) => ({ 'server.ts': TYPED(answer) }),
  edited: 'server.ts',
};

export const NPM_RUN: Framework = {
  name: 'npm run dev (tsx)',
  package: 'tsx',
  command: () => 'npm run dev',
  files: (answer) => ({
    'package.json': JSON.stringify({ scripts: { dev: 'tsx server.ts' } }),
    'server.ts': TYPED(answer),
  }),
  edited: 'server.ts',
};

const NEST = {
  package: '@nestjs/core',
  edited: 'src/app.controller.ts',
  files: (answer: string) => ({
    'package.json': JSON.stringify({
      type: 'module',
      scripts: { start: 'nest start', 'start:dev': 'nest start --watch' },
    }),
    'nest-cli.json': JSON.stringify({ collection: '@nestjs/schematics', sourceRoot: 'src' }),
    'tsconfig.json': JSON.stringify({
      compilerOptions: {
        module: 'nodenext',
        moduleResolution: 'nodenext',
        target: 'ES2023',
        outDir: './dist',
        rootDir: './src',
        emitDecoratorMetadata: true,
        experimentalDecorators: true,
        skipLibCheck: true,
      },
      include: ['src'],
    }),
    'src/main.ts': `import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';
const app = await NestFactory.create(AppModule);
await app.listen(process.env.PORT ?? 3000);
`,
    'src/app.module.ts': `import { Module } from '@nestjs/common';
import { AppController } from './app.controller.js';
@Module({ controllers: [AppController] })
export class AppModule {}
`,
    'src/app.controller.ts': `import { Controller, Get } from '@nestjs/common';
@Controller()
export class AppController {
  @Get()
  hello(): string {
    return '${answer}';
  }
}
`,
  }),
};

export const NEST_START: Framework = {
  ...NEST,
  name: 'NestJS (npm start)',
  command: () => 'npm start',
  service: { watch: { include: ['src/**'], quiet: 50 } },
};

export const NEST_WATCH: Framework = {
  ...NEST,
  name: 'NestJS (start:dev)',
  command: () => 'npm run start:dev',
  shown: 'nest start --watch',
  ownReload: true,
};

export const NODEMON: Framework = {
  ...EXPRESS_4,
  name: 'nodemon (Express 4)',
  package: 'nodemon',
  command: () => 'npx nodemon app.js',
  ownReload: true,
};

export const SERVERS: readonly Framework[] = [
  ...PLAIN,
  EXPRESS_5,
  EXPRESS_4,
  FASTIFY,
  KOA,
  HONO,
  HAPI,
  POLKA,
  WS,
  SOCKET_IO,
  TRPC,
  YOGA,
  TSX,
  NPM_RUN,
  NEST_START,
  NEST_WATCH,
  NODEMON,
];

/** In `npm test`; their packages are those of examples/tooloo. */
export const QUICK: readonly Framework[] = [EXPRESS_5, FASTIFY, WS];
