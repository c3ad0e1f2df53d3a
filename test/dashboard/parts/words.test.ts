import { expect, it } from 'vitest';
import { bytes } from '../../../dashboard/parts/words.ts';
import { bytes as bytesOfCli } from '../../../src/contract/bytes.ts';

it.each([0, 999, 48_234_496, 1_234_567_890])(
  '%d bytes are in the page what they are in a terminal',
  (count) => expect(bytes(count)).toBe(bytesOfCli(count)),
);

it('a size that is not known is a dash', () => expect([bytes(null), bytes(undefined)]).toEqual(['–', '–']));
