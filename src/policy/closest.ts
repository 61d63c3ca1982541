// "Did you mean": the nearest of a few known names. Pure rooms may import no package, and this is all of it they need.

/** The known name at most two edits (or a third of its length) away, or nothing. */
export function closestName(name: string, known: readonly string[]): string | undefined {
  if (name.length > 200) return undefined;
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(name, candidate);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Levenshtein distance, a row of its table at a time. */
function editDistance(a: string, b: string): number {
  const letters = Array.from(b);
  let row = [0, ...letters.map((_, i) => i + 1)];
  let left = letters.length;
  for (const letter of a) {
    let diagonal = Number.POSITIVE_INFINITY;
    left = Number.POSITIVE_INFINITY;
    row = row.map((above, i) => {
      left = Math.min(above + 1, left + 1, diagonal + (letters[i - 1] === letter ? 0 : 1));
      diagonal = above;
      return left;
    });
  }
  return left;
}
