import { expect, it } from 'vitest';
import { stopRequests } from '../../../src/cli/up/stop-requests.ts';

it('counts signals; a hangup is told before it counts', async () => {
  const told: string[] = [];
  const stops = stopRequests(() => told.push(`hangup at ${stops.count}`));
  try {
    process.emit('SIGHUP', 'SIGHUP');
    await stops.first;
    stops.onMore(() => told.push(`more at ${stops.count}`));
    process.emit('SIGINT', 'SIGINT');
    stops.add();
    expect(told).toEqual(['hangup at 0', 'more at 2', 'more at 3']);
  } finally {
    stops.undo();
  }
  expect(process.listeners('SIGHUP')).toEqual([]);
});
