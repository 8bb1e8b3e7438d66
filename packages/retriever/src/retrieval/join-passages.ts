import type { Hit, Metadata, Passage, RetrievalCut } from "@binnacle/core";

/** Options of {@link joinPassages}. */
export interface JoinOptions {
  /** Maximum number of hits, and so of passages. */
  readonly limit: number;
  /** Most tokens of the hits together. @default no limit */
  readonly maxTokens?: number | undefined;
  /** Joins neighbouring and overlapping hits of one document into one passage. */
  readonly mergeNeighbours: boolean;
}

/** Passages, best first, and the hits that were left out. */
export interface JoinedPassages<M extends Metadata = Metadata> {
  readonly passages: readonly Passage<M>[];
  readonly cuts: readonly RetrievalCut[];
}

/** A range of one document's text and the hits that cover it, in reading order. */
interface Stretch<M extends Metadata> {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly hits: readonly Hit<M>[];
}

/**
 * Turns the best hits into passages. Hits are joined only if the hits contain every character between `start`
 * and `end`: they overlap and their texts agree, or a hit begins where the previous chunk ends.
 */
export function joinPassages<M extends Metadata>(
  ranked: readonly Hit<M>[],
  options: JoinOptions,
): JoinedPassages<M> {
  const { limit, maxTokens = Infinity } = options;
  const taken: Hit<M>[] = [];
  const cuts: RetrievalCut[] = [];
  let tokens = 0;
  const reasonFor = (hit: Hit<M>): RetrievalCut["reason"] | undefined => {
    if (taken.some((other) => contains(other, hit))) return "contained";
    if (taken.length >= limit) return "limit";
    return tokens + hit.chunk.tokens > maxTokens ? "budget" : undefined;
  };
  for (const hit of ranked) {
    const reason = reasonFor(hit);
    if (reason === undefined) {
      taken.push(hit);
      tokens += hit.chunk.tokens;
      continue;
    }
    cuts.push({ id: hit.id, documentId: hit.chunk.documentId, reason, score: hit.score });
  }
  const stretches = options.mergeNeighbours ? joinNeighbours(taken) : taken.map(stretchOf);
  const rank = new Map(taken.map((hit, index) => [hit.id, index]));
  const best = (stretch: Stretch<M>): number =>
    Math.min(...stretch.hits.map(({ id }) => rank.get(id) ?? Infinity));
  const ordered = stretches.map((stretch) => ({ stretch, rank: best(stretch) }));
  ordered.sort((a, b) => a.rank - b.rank);
  return { passages: ordered.flatMap(({ stretch }) => passageOf(stretch)), cuts };
}

function joinNeighbours<M extends Metadata>(hits: readonly Hit<M>[]): Stretch<M>[] {
  const documents = new Map<string, Hit<M>[]>();
  for (const hit of hits) {
    const key = JSON.stringify([hit.chunk.sourceId, hit.chunk.documentId]);
    documents.set(key, [...(documents.get(key) ?? []), hit]);
  }
  return [...documents.values()].flatMap((members) => {
    members.sort((a, b) => a.chunk.start - b.chunk.start || a.chunk.end - b.chunk.end);
    const stretches: Stretch<M>[] = [];
    for (const hit of members) {
      const last = stretches.pop();
      const joined = last === undefined ? undefined : join(last, hit);
      if (joined !== undefined) stretches.push(joined);
      if (joined === undefined) stretches.push(...(last === undefined ? [] : [last]), stretchOf(hit));
    }
    return stretches;
  });
}

/** Extends a stretch by a hit that starts no earlier. Undefined if the text between them is unknown. */
function join<M extends Metadata>(stretch: Stretch<M>, hit: Hit<M>): Stretch<M> | undefined {
  const { start, end, text, index } = hit.chunk;
  if (start > stretch.end) return undefined;
  const hits = [...stretch.hits, hit];
  const shared = stretch.text.slice(start - stretch.start);
  if (shared === "") {
    const follows = stretch.hits.at(-1)?.chunk.index === index - 1;
    return follows ? { start: stretch.start, end, text: stretch.text + text, hits } : undefined;
  }
  // While a document is being indexed, hits of two versions can overlap although their texts disagree.
  if (end <= stretch.end) return shared.startsWith(text) ? { ...stretch, hits } : undefined;
  if (!text.startsWith(shared)) return undefined;
  return { start: stretch.start, end, text: stretch.text + text.slice(shared.length), hits };
}

function contains(outer: Hit, inner: Hit): boolean {
  const [a, b] = [outer.chunk, inner.chunk];
  if (a.sourceId !== b.sourceId || a.documentId !== b.documentId) return false;
  if (b.start < a.start || b.end > a.end) return false;
  return a.text.slice(b.start - a.start, b.end - a.start) === b.text;
}

function stretchOf<M extends Metadata>(hit: Hit<M>): Stretch<M> {
  return { start: hit.chunk.start, end: hit.chunk.end, text: hit.chunk.text, hits: [hit] };
}

function passageOf<M extends Metadata>(stretch: Stretch<M>): Passage<M>[] {
  const best = stretch.hits.reduce<Hit<M> | undefined>(
    (top, hit) => (top === undefined || hit.score > top.score ? hit : top),
    undefined,
  );
  if (best === undefined) return [];
  const { sourceId, documentId, title, uri } = best.chunk;
  const { start, end, text, hits } = stretch;
  const path = commonPath(hits.map(({ chunk }) => chunk.path));
  return [
    {
      documentId,
      sourceId,
      start,
      end,
      text,
      path,
      title,
      uri,
      score: best.score,
      metadata: best.metadata,
      hits,
    },
  ];
}

/** Returns the headings that all paths share, from the outermost. */
function commonPath(paths: readonly (readonly string[])[]): readonly string[] {
  const [first = [], ...others] = paths;
  const differs = first.findIndex((name, index) => others.some((path) => path[index] !== name));
  return differs === -1 ? first : first.slice(0, differs);
}
