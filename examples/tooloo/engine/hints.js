// What the coach says. Loaded when the first learner asks for a hint.
import { findCourse } from './academy.js';

const byLevel = {
  1: ['Try it in your own words first.', 'Change one thing at a time and compare.'],
  2: ['Write down what a good answer needs before you look.', 'Which source would prove you wrong?'],
  3: ['Make the smallest step that can be checked.', 'Decide beforehand how you will know that it is done.'],
};

/** A hint for this course, another one for each attempt; undefined when there is no such course. */
export function hintFor(courseId, attempt = 0) {
  const course = findCourse(courseId);
  if (course === undefined) return undefined;
  const hints = byLevel[course.level];
  return { course: course.title, hint: hints[attempt % hints.length] };
}
