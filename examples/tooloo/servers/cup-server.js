// cup-server (node:http and ws): a tournament of answers. Every match is sent to all who watch.
import { createServer } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import { health } from '../engine/health.js';
import * as log from '../engine/logger.js';
import { championOf, openTournament, playRound } from '../engine/tournament.js';

const name = 'cup-server';
const port = Number(process.env.PORT ?? 3005);

const answers = [
  { author: 'owl', text: 'An agent finishes when it can check its own result.' },
  { author: 'fox', text: 'It stops.' },
  { author: 'crow', text: 'Retrieval narrows the question before the model answers.' },
  { author: 'otter', text: 'Measure first, then believe.' },
  { author: 'hare', text: 'Quickly guessing is cheaper than slowly being wrong.' },
];
let cup = openTournament(answers);

const page = `<!doctype html><meta charset="utf-8"><title>The cup</title><link rel="icon" href="data:,">
<style>:root { color-scheme: light dark } body { font: 16px/1.6 system-ui, sans-serif; max-width: 34rem; margin: 3rem auto }</style>
<h1>The cup of answers</h1><button onclick="fetch('/api/round', { method: 'POST' })">Play a round</button><pre id="cup"></pre>
<script>new WebSocket('ws://' + location.host).onmessage = (message) => { cup.textContent = message.data }</script>`;

function state() {
  return { round: cup.round, champion: championOf(cup), standing: cup.standing, matches: cup.matches };
}

function play() {
  if (championOf(cup) !== null) cup = openTournament(answers);
  cup = playRound(cup);
  setImmediate(() => {
    log.info(
      `job cup: round ${cup.round} played, ${cup.standing.length} left, ${watchers.clients.size} watching`,
    );
    for (const client of watchers.clients) if (client.readyState === WebSocket.OPEN) client.send(show());
  });
  return state();
}

const show = () => JSON.stringify(state(), null, 2);

const routes = {
  'GET /health': () => health(name, { watching: watchers.clients.size }),
  'GET /api/cup': state,
  'POST /api/round': play,
};

const server = createServer((req, res) => {
  log.requests(req, res);
  const key = `${req.method} ${req.url.split('?')[0]}`;
  if (key === 'GET /') return res.writeHead(200, { 'content-type': 'text/html' }).end(page);
  const body = routes[key]?.() ?? { error: `nothing at ${key}` };
  res.writeHead(key in routes ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(body));
});

const watchers = new WebSocketServer({ server });
watchers.on('connection', (socket) => {
  socket.send(show());
  log.info(`websocket opened, ${watchers.clients.size} watching`);
});

server.listen(port, '127.0.0.1', () => log.info(`${name} listens on http://127.0.0.1:${port}`));

process.once('SIGTERM', () => {
  for (const client of watchers.clients) client.close(1001, 'restarting');
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
