/** The nearest known word, for whoever mistyped one. */
import { distance } from 'fastest-levenshtein';

/** "did you mean `https`?", or undefined where nothing is near. */
export function didYouMean(word: string, known: readonly string[]): string | undefined {
  const near = nearest(word, known);
  return near === undefined ? undefined : `did you mean \`${near}\`?`;
}

/** The known word that is fewest edits away, if it is at most a third of its length away; ties go to the first. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  // a word of a thousand letters is nobody's typing mistake, and the distance is quadratic
  if (word.length > 80) return undefined;
  let best: { readonly word: string; readonly edits: number } | undefined;
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) > 4) continue;
    const edits = distance(word.toLowerCase(), candidate.toLowerCase());
    if (!best || edits < best.edits) best = { word: candidate, edits };
  }
  if (!best) return undefined;
  return best.edits <= Math.max(1, Math.floor(Math.max(word.length, best.word.length) / 3)) ? best.word : undefined;
}

/** `a`, `b` or `c`; long lists are cut. */
export function oneOf(words: readonly string[], most = 12): string {
  if (words.length === 0) return 'nothing here';
  const quoted = words.slice(0, most).map((word) => `\`${word}\``);
  if (words.length > most) return `${quoted.join(', ')} …`;
  const last = quoted.pop() ?? '';
  return quoted.length === 0 ? last : `${quoted.join(', ')} or ${last}`;
}
