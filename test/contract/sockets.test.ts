import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatSockets, HELD_ADDRESSES, parseSockets } from '../../src/contract/sockets.ts';

describe('held sockets in the environment', () => {
  it('are written as the contract says', () => {
    const sockets = [
      { port: 3000, address: '::' as const, fds: [17, 21] },
      { port: 3000, address: '127.0.0.1' as const, fds: [18] },
    ];
    expect(formatSockets(sockets)).toBe('3000/::=17,21 3000/127.0.0.1=18');
  });

  it('come back as they went in', () => {
    const socket = fc.record({
      port: fc.integer({ min: 1, max: 65_535 }),
      address: fc.constantFrom(...HELD_ADDRESSES),
      fds: fc.array(fc.integer({ min: 3, max: 1_000_000 }), { minLength: 1 }),
    });
    fc.assert(
      fc.property(fc.array(socket), (sockets) => {
        expect(parseSockets(formatSockets(sockets))).toEqual(sockets);
      }),
    );
  });

  it.each(['', '3000', '0/::=17', '70000/::=17', '3000/10.0.0.1=17', '3000/::=', '3000/::=a', '3000/::=-1'])(
    '%j holds none',
    (text) => {
      expect(parseSockets(text)).toEqual([]);
    },
  );
});
