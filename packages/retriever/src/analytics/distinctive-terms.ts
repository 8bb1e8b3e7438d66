import { contentWords } from "../text/content-words.ts";

/**
 * Returns the words that distinguish each group of texts from the others, most distinctive first. A word
 * counts by the share of the group's texts that have it, times the logarithm of its lift over all groups.
 */
export function distinctiveTerms(
  groups: readonly (readonly string[])[],
  limit: number,
): readonly (readonly string[])[] {
  const spellings = new Map<string, string>();
  const counts = groups.map((texts) => countTexts(texts, spellings));
  const total = groups.reduce((sum, texts) => sum + texts.length, 0);
  const overall = new Map<string, number>();
  for (const group of counts)
    for (const [stem, count] of group) overall.set(stem, (overall.get(stem) ?? 0) + count);
  return counts.map((group, at) => {
    const size = groups[at]?.length ?? 0;
    const scored = [...group].map(([stem, count]) => {
      const share = count / size;
      const lift = share / ((overall.get(stem) ?? count) / total);
      return { stem, score: groups.length === 1 ? share : share * Math.log(lift) };
    });
    scored.sort((a, b) => b.score - a.score || (a.stem < b.stem ? -1 : 1));
    return scored
      .filter(({ score }) => score > 0)
      .slice(0, limit)
      .map(({ stem }) => spellings.get(stem) ?? stem);
  });
}

/** Counts the texts that have each stem, and remembers how each stem is spelled first. */
function countTexts(texts: readonly string[], spellings: Map<string, string>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) {
    const stems = new Set<string>();
    for (const { stem, word } of contentWords(text)) {
      stems.add(stem);
      if (!spellings.has(stem)) spellings.set(stem, word.toLowerCase());
    }
    for (const stem of stems) counts.set(stem, (counts.get(stem) ?? 0) + 1);
  }
  return counts;
}
