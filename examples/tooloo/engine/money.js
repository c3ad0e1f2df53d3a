// Amounts are whole cents; only what a person reads has a decimal point.

export function formatMoney(cents) {
  const sign = cents < 0 ? '-' : '';
  const whole = Math.abs(cents);
  return `${sign}€${Math.floor(whole / 100)}.${String(whole % 100).padStart(2, '0')}`;
}

export function priceTag(cents) {
  return cents === 0 ? 'free' : formatMoney(cents);
}
