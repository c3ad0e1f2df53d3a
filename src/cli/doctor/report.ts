/** Findings as a person reads them. */
import type { Colors } from 'picocolors/types';
import type { Chapter } from './examine.ts';
import type { Finding } from './finding.ts';

export function doctorReport(chapters: Chapter[], colours: Colors): string {
  const marks = { ok: colours.green('✔'), warn: colours.yellow('!'), bad: colours.red('✖') };
  const tell = ({ level, text, mend }: Finding) => {
    const lines = text.split('\n').join('\n    ');
    return `  ${marks[level]} ${lines}\n${mend === null ? '' : `    ${colours.dim('→')} ${mend}\n`}`;
  };
  const body = chapters.map(
    ({ title, findings }) => `${colours.bold(title)}\n${findings.map(tell).join('')}`,
  );
  return `${body.join('\n')}\n${summary(chapters)}\n`;
}

function summary(chapters: Chapter[]): string {
  const count = (level: Finding['level']) =>
    chapters.flatMap(({ findings }) => findings).filter((finding) => finding.level === level).length;
  const [broken, lossy] = [count('bad'), count('warn')];
  if (broken + lossy === 0) return 'All is well.';
  return `${broken} to mend, ${lossy} to know of.`;
}
