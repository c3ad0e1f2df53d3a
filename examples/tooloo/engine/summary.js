// The report over everything. Loaded when somebody asks for it: it is the heaviest part of the reports.
import { courses, findCourse, results } from './academy.js';
import scoring from './scoring.cjs';
import { allSegments } from './segments.js';

export function summarise() {
  return {
    results: scoring.overview(results.map(percentOf)),
    courses: courses.map((course) => ({
      course: course.title,
      ...scoring.overview(results.filter((result) => result.course === course.id).map(percentOf)),
    })),
    segments: Object.fromEntries(allSegments().map((segment) => [segment.name, segment.learners.length])),
  };
}

export function asCsv({ courses: rows }) {
  return [
    'course,results,mean,median',
    ...rows.map((row) => `"${row.course}",${row.count},${row.mean},${row.median}`),
    '',
  ].join('\n');
}

function percentOf(result) {
  return scoring.percent(result.points, findCourse(result.course).maxPoints);
}
