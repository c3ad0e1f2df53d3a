// training-server (Express 4): courses, and the scores that learners reach in them.
import { createRequire } from 'node:module';
import express from 'express4';
import { courses, findCourse, findLearner, results } from '../engine/academy.js';
import { health } from '../engine/health.js';
import * as log from '../engine/logger.js';

const { percent, grade, overview } = createRequire(import.meta.url)('../engine/scoring.cjs');

const name = 'training-server';
const port = Number(process.env.PORT ?? 3001);
const app = express();

app.use(log.requests);
app.use(express.json());

app.get('/', (_req, res) => {
  res.json({
    service: name,
    try: ['/api/courses', '/api/courses/agents/scores', 'POST /api/scores {learner, course, points}'],
  });
});

app.get('/health', (_req, res) => {
  res.json(health(name, { courses: courses.length, results: results.length }));
});

app.get('/api/courses', (_req, res) => {
  res.json(courses.map(({ id, title, level, lessons }) => ({ id, title, level, lessons })));
});

app.get('/api/courses/:id/scores', (req, res) => {
  const course = findCourse(req.params.id);
  if (course === undefined) return res.status(404).json({ error: `no course "${req.params.id}"` });
  const scores = scoresOf(course);
  res.json({ course: course.title, ...overview(scores.map((score) => score.percent)), scores });
});

app.post('/api/scores', (req, res) => {
  const { learner, course: id, points } = req.body;
  const course = findCourse(id);
  if (course === undefined || findLearner(learner) === undefined || !Number.isFinite(points)) {
    return res.status(400).json({ error: 'wanted: {"learner": "ada", "course": "agents", "points": 70}' });
  }
  results.push({ learner, course: id, points });
  const percentage = percent(points, course.maxPoints);
  res.status(201).json({ learner, course: course.title, percent: percentage, grade: grade(percentage) });
  setImmediate(() => log.info(`job ranking: ${course.title} has ${scoresOf(course).length} results now`));
});

function scoresOf(course) {
  return results
    .filter((result) => result.course === course.id)
    .map(({ learner, points }) => ({ learner, percent: percent(points, course.maxPoints) }))
    .map((score) => ({ ...score, grade: grade(score.percent) }))
    .sort((a, b) => b.percent - a.percent);
}

const server = app.listen(port, '127.0.0.1', () => log.info(`${name} listens on http://127.0.0.1:${port}`));

process.once('SIGTERM', () => {
  log.info('closing, results are kept in memory only');
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
