// Groups of learners. A learner is in the first segment whose rule holds.
import { learners } from './academy.js';

const rules = [
  { name: 'champions', holds: (learner) => learner.activeDays >= 20 },
  { name: 'regulars', holds: (learner) => learner.activeDays >= 10 },
  { name: 'newcomers', holds: (learner) => learner.activeDays > 0 },
  { name: 'asleep', holds: () => true },
];

export function segmentOf(learner) {
  return rules.find((rule) => rule.holds(learner)).name;
}

export function allSegments() {
  return rules.map(({ name }) => ({
    name,
    learners: learners.filter((learner) => segmentOf(learner) === name).map((learner) => learner.name),
  }));
}
