// The eleven servers of the specification, by name and port.
export const SERVERS = {
  'web-server': 3000,
  'training-server': 3001,
  'meta-server': 3002,
  'budget-server': 3003,
  'coach-server': 3004,
  'cup-server': 3005,
  'product-server': 3006,
  'segmentation-server': 3007,
  'reports-server': 3008,
  'capabilities-server': 3009,
  orchestrator: 3123,
};

export const NAMES = Object.keys(SERVERS);

/** Their ports, moved by `offset`. */
export function ports(offset = 0) {
  return Object.values(SERVERS).map((port) => port + offset);
}
