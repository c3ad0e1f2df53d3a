// Finds code that stands in two places: `npm run check:duplicates`. Exit 1 where there is any.
//
// By the detector and the tokenizer of jscpd. Its command brings ninety packages more, for reports of many kinds, and
// one of them (braces) has an advisory and no version without.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Detector, MemoryStore, mild } from '@jscpd/core';
import { Tokenizer } from '@jscpd/tokenizer';

const root = fileURLToPath(new URL('..', import.meta.url));
const FOLDERS = ['src', 'tools', 'dashboard'];
const FORMATS = {
  '.ts': 'typescript',
  '.mts': 'typescript',
  '.tsx': 'tsx',
  '.js': 'javascript',
  '.mjs': 'javascript',
};
const OPTIONS = {
  minLines: 8,
  minTokens: 70,
  // Comments count too, blank lines do not.
  mode: mild,
  // Its own is written in JavaScript, and takes longer.
  hashFunction: (text) => createHash('md5').update(text).digest('hex'),
};

const files = FOLDERS.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true }).map((name) => join(folder, name)),
).filter((file) => extname(file) in FORMATS);
if (files.length === 0) throw new Error(`no sources in ${FOLDERS.join(', ')} of ${root}`);

const detector = new Detector(new Tokenizer(), new MemoryStore(), [], OPTIONS);
const clones = [];
for (const file of files.sort())
  clones.push(
    ...(await detector.detect(file, readFileSync(join(root, file), 'utf8'), FORMATS[extname(file)])),
  );

const place = ({ sourceId, start, end }) => `${sourceId}:${start.line}-${end.line}`;
for (const { duplicationA, duplicationB } of clones)
  console.log(`${place(duplicationA)}\n  also at ${place(duplicationB)}`);
console.log(`${files.length} files, ${clones.length === 0 ? 'nothing' : `${clones.length} pieces`} twice`);
process.exitCode = clones.length === 0 ? 0 : 1;
