/** DOT and Mermaid stay valid whatever the paths are. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dot } from '../../../src/cli/graph/dot.ts';
import { mermaid } from '../../../src/cli/graph/mermaid.ts';
import {
  addChain,
  addEdge,
  addNode,
  addRun,
  emptyPicture,
  type Picture,
} from '../../../src/cli/graph/picture.ts';
import { Loaded } from '../../../src/loads/loaded.ts';

const same = (path: string) => path;

function small(): Picture {
  const loaded = new Loaded('/w');
  loaded.take(['load', 1, '/w/a b.js', null]);
  loaded.take(['load', 2, '/w/"ü".json', '/w/a b.js']);
  loaded.take(['load', 3, '/w/c.js', '/w/node_modules/next/x.js']);
  loaded.take(['missing', 4, './d', '/w/c.js']);
  loaded.take(['missing', 4, './e', null]);
  const picture = emptyPicture('my "web"');
  addRun(picture, loaded, loaded, same, 'web');
  return picture;
}

it('is DOT', () => {
  expect(dot(small())).toBe(`digraph "my \\"web\\"" {
  rankdir=LR;
  node [shape=box];
  n0 [label="web", shape=ellipse, style=bold];
  n1 [label="/w/a b.js", style=bold];
  n2 [label="/w/\\"ü\\".json"];
  n3 [label="/w/c.js"];
  n4 [label="next", shape=component];
  n5 [label="./d", style=dashed];
  n6 [label="./e", style=dashed];
  n0 -> n1;
  n1 -> n2;
  n4 -> n3;
  n3 -> n5;
  n0 -> n6;
}
`);
});

it('is Mermaid', () => {
  expect(mermaid(small())).toBe(`flowchart LR
  classDef entry stroke-width:3px
  classDef missing stroke-dasharray:4
  n0(["web"])
  n1["/w/a b.js"]:::entry
  n2["/w/#34;ü#34;.json"]
  n3["/w/c.js"]
  n4[["next"]]
  n5["./d"]:::missing
  n6["./e"]:::missing
  n0 --> n1
  n1 --> n2
  n4 --> n3
  n3 --> n5
  n0 --> n6
`);
});

it('draws the chains by which a file reached services, once', () => {
  const picture = emptyPicture('f');
  addChain(picture, 'a', ['/w/a.js', '/w/f.js'], same);
  addChain(picture, 'b', ['next', '/w/a.js', '/w/f.js'], same);
  expect([picture.nodes.size, picture.edges.size]).toEqual([5, 4]);
});

describe('with any path', () => {
  const NODE_OF_DOT = /^ {2}n\d+ \[label="(?:[^"\\\p{Cc}]|\\["\\])*"(?:, shape=\w+)?(?:, style=\w+)?\];$/u;
  const EDGE_OF_DOT = /^ {2}n\d+ -> n\d+;$/;
  const NODE_OF_MERMAID =
    /^ {2}n\d+(?:\(\[|\[\[?)"(?:[\p{L}\p{N} ./\-()[\]{}@+=,:_?]|#\d+;)*"(?:\]\)|\]\]?)(?::::\w+)?$/u;
  const EDGE_OF_MERMAID = /^ {2}n\d+ --> n\d+$/;
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('"', '\\', '`', '#', ';', '\n', '<', '&', '%', ']', '1', '.', ' ') }),
  );

  it('each line is one that is meant', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1 }), (drawn) => {
        const paths = drawn.map((each) => each.replaceAll('\0', ''));
        const picture = emptyPicture(paths[0] ?? '');
        for (const path of paths) addNode(picture, path, path, 'entry');
        for (const path of paths) addEdge(picture, paths[0] ?? '', path);
        const [, , , ...ofDot] = dot(picture).split('\n').slice(0, -2);
        for (const line of ofDot) expect(line).toMatch(line.includes('[') ? NODE_OF_DOT : EDGE_OF_DOT);
        const [, , , ...ofMermaid] = mermaid(picture).split('\n').slice(0, -1);
        for (const line of ofMermaid)
          expect(line).toMatch(line.includes('"') ? NODE_OF_MERMAID : EDGE_OF_MERMAID);
      }),
    );
  });
});
