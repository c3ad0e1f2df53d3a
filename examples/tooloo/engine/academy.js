// The academy's courses, learners and results, and how to find one of them.
import { createRequire } from 'node:module';

// require() reads JSON on every Node version; `import … with { type: 'json' }` needs a newer one than 18.19.
const require = createRequire(import.meta.url);

export const { courses, learners, results } = require('./data/academy.json');

export function findCourse(id) {
  return courses.find((course) => course.id === id);
}

export function findLearner(id) {
  return learners.find((learner) => learner.id === id);
}

export function resultsOf(learnerId) {
  return results.filter((result) => result.learner === learnerId);
}
