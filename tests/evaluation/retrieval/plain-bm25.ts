const k = 1.2;
const b = 0.75;

/** Ranks documents by BM25 over plain words, without stems and stop words. */
export function plainBm25(docs: ReadonlyMap<string, string>): (query: string) => readonly string[] {
  const postings = new Map<string, { readonly id: string; readonly count: number }[]>();
  const lengths = new Map<string, number>();
  for (const [id, text] of docs) {
    const counts = new Map<string, number>();
    const words = plainWords(text);
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
    lengths.set(id, words.length);
    for (const [word, count] of counts) postings.set(word, [...(postings.get(word) ?? []), { id, count }]);
  }
  const average = [...lengths.values()].reduce((sum, length) => sum + length, 0) / Math.max(1, docs.size);
  return (query) => {
    const scores = new Map<string, number>();
    for (const word of new Set(plainWords(query))) {
      const found = postings.get(word) ?? [];
      const idf = Math.log(1 + (docs.size - found.length + 0.5) / (found.length + 0.5));
      for (const { id, count } of found) {
        const saturation = k * (1 - b + (b * (lengths.get(id) ?? 0)) / average);
        scores.set(id, (scores.get(id) ?? 0) + (idf * count * (k + 1)) / (count + saturation));
      }
    }
    return [...scores].sort((x, y) => y[1] - x[1]).map(([id]) => id);
  };
}

function plainWords(text: string): readonly string[] {
  const segments = new Intl.Segmenter("en", { granularity: "word" }).segment(text.toLowerCase());
  return Array.from(segments).flatMap(({ segment, isWordLike }) => (isWordLike === true ? [segment] : []));
}
