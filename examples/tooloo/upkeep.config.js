import { defineConfig } from 'upkeep';

/** A server of this workspace: the file of that name, ready once its /health answers. */
function server(name, port, group, description) {
  return { command: `node servers/${name}.js`, port, ready: { http: '/health' }, group, description };
}

const servers = {
  'web-server': server('web-server', 3000, 'core', 'The page that shows all servers'),
  'training-server': server('training-server', 3001, 'learning', 'Courses and scores'),
  'meta-server': server('meta-server', 3002, 'core', 'Versions and feature flags'),
  'budget-server': server('budget-server', 3003, 'insight', 'The ledger'),
  'coach-server': server('coach-server', 3004, 'learning', 'Hints'),
  'cup-server': server('cup-server', 3005, 'learning', 'A tournament of answers, live'),
  'product-server': server('product-server', 3006, 'core', 'The catalogue'),
  'segmentation-server': server('segmentation-server', 3007, 'insight', 'Groups of learners'),
  'reports-server': server('reports-server', 3008, 'insight', 'Figures over everything'),
  'capabilities-server': server('capabilities-server', 3009, 'core', 'Who can do what'),
};

export default defineConfig({
  services: {
    ...servers,
    orchestrator: {
      ...server('orchestrator', 3123, 'core', 'Asks the other ten and makes one briefing'),
      // It works without the others: they come first when they are wanted too, but are not started for it.
      dependsOn: Object.keys(servers).map((service) => ({ service, condition: 'started', required: false })),
    },
  },
});
