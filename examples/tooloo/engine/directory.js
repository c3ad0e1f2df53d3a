// Where each server is, and how it feels.

const directory = {
  'web-server': { port: 3000, job: 'This page' },
  'training-server': { port: 3001, job: 'Courses and scores' },
  'meta-server': { port: 3002, job: 'Versions and feature flags' },
  'budget-server': { port: 3003, job: 'The ledger' },
  'coach-server': { port: 3004, job: 'Hints' },
  'cup-server': { port: 3005, job: 'A tournament of answers, live' },
  'product-server': { port: 3006, job: 'The catalogue' },
  'segmentation-server': { port: 3007, job: 'Groups of learners' },
  'reports-server': { port: 3008, job: 'Figures over everything' },
  'capabilities-server': { port: 3009, job: 'Who can do what' },
  orchestrator: { port: 3123, job: 'Asks the others, briefs you' },
};

export const services = Object.keys(directory);

export function jobOf(service) {
  return directory[service].job;
}

export function urlOf(service) {
  return `http://127.0.0.1:${directory[service].port}`;
}

/** GET from a service as JSON; null when it does not answer well within the time. */
export async function ask(service, path, timeoutMs = 1000) {
  try {
    const response = await fetch(urlOf(service) + path, { signal: AbortSignal.timeout(timeoutMs) });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

/** Its /health with name, url and the ms until the answer; `status` is "missing" when it is not there. */
export async function check(service) {
  const started = performance.now();
  const health = await ask(service, '/health');
  const found = health?.service === service;
  return {
    service,
    url: urlOf(service),
    ms: Math.round(performance.now() - started),
    ...(found ? health : { status: 'missing' }),
  };
}
