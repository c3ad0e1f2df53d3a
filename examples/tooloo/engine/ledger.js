// The budget's ledger: entries are only ever added, the balance follows from them.
import { formatMoney } from './money.js';

const entries = [
  { account: 'compute', cents: -18_240, note: 'model calls, October' },
  { account: 'courses', cents: 52_300, note: 'course sales, October' },
  { account: 'prizes', cents: -7_500, note: 'autumn cup' },
];

export function allEntries() {
  return entries.map((entry) => ({ ...entry, amount: formatMoney(entry.cents) }));
}

export function addEntry({ account, cents, note }) {
  const entry = { account, cents, note };
  entries.push(entry);
  return { ...entry, amount: formatMoney(cents) };
}

export function balance() {
  const cents = entries.reduce((sum, entry) => sum + entry.cents, 0);
  return { cents, amount: formatMoney(cents) };
}
