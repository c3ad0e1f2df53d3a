/** The nearest known word to one that is not known: for "did you mean …?". */

/** Optimal string alignment: insert, delete, replace, swap neighbours; each costs 1. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(
        (last[j] as number) + 1,
        (row[j - 1] as number) + 1,
        (last[j - 1] as number) + (same ? 0 : 1),
      );
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) cost = Math.min(cost, (beforeLast[j - 2] as number) + 1);
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] as number;
}

/**
 * The candidate that `word` was most likely meant to be, or null when none is near enough
 * (more than a third of its letters wrong, but always one; another letter in a word of one or two is
 * another word). Case is ignored; a word that starts a candidate counts as near.
 */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  const wanted = word.toLowerCase();
  let best: string | null = null;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  let prefixed: string | null = null;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (distance < bestDistance && !isOther(wanted, candidate.toLowerCase())) {
      best = candidate;
      bestDistance = distance;
    }
    if (wanted.length >= 3 && candidate.toLowerCase().startsWith(wanted)) prefixed ??= candidate;
  }
  return best ?? prefixed;
}

/** As short, and not the same letters in another order. */
function isOther(word: string, candidate: string): boolean {
  const letters = (text: string) => [...text].sort().join('');
  return word.length <= 2 && word.length === candidate.length && letters(word) !== letters(candidate);
}
