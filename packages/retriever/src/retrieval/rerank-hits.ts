import {
  BinnacleError,
  type CallOptions,
  type Hit,
  type Metadata,
  type Reranker,
  type RerankTrace,
} from "@binnacle/core";
import { embeddedText } from "../indexing/fingerprint/document-fingerprint.ts";

/** Options of {@link rerankHits}. */
export interface RerankHitsOptions {
  readonly reranker: Reranker;
  /** Most hits that the reranker scores. */
  readonly candidates: number;
  /** `reject`: the call rejects with the reranker's error. `keep`: the order stays, and the trace has the
   * error's code. */
  readonly onFailure: "reject" | "keep";
  readonly call: CallOptions;
}

/** Hits after a reranking. */
export interface RerankedHits<M extends Metadata = Metadata> {
  /** The hits that were scored, best first, with the reranker's scores. */
  readonly scored: readonly Hit<M>[];
  /** The other hits in their order before. They rank below all scored hits. */
  readonly rest: readonly Hit<M>[];
  /** Undefined without a reranker, or if the query has no text. */
  readonly trace?: RerankTrace | undefined;
}

/**
 * Scores the best hits with a reranker and orders them by these scores. Equal scores keep their order. The
 * reranker reads the same text as the embedder: a chunk's context and text.
 */
export async function rerankHits<M extends Metadata>(
  query: string,
  hits: readonly Hit<M>[],
  options: RerankHitsOptions | undefined,
): Promise<RerankedHits<M>> {
  if (options === undefined || query.trim() === "" || hits.length === 0) return { scored: hits, rest: [] };
  const { reranker, candidates, onFailure, call } = options;
  const started = performance.now();
  const asked = hits.slice(0, candidates);
  const passed = (): { candidates: number; rerankMs: number } => ({
    candidates: asked.length,
    rerankMs: performance.now() - started,
  });
  try {
    const documents = asked.map(({ chunk }) => embeddedText(chunk));
    const { outcomes } = await reranker.rerank(query, documents, call);
    const { scored, refused } = ordered(asked, outcomes);
    const failed = refused.map(({ hit, code }) => ({ id: hit.id, code }));
    const rest = [...refused.map(({ hit }) => hit), ...hits.slice(candidates)];
    return { scored, rest, trace: { ...passed(), failed } };
  } catch (error) {
    call.signal?.throwIfAborted();
    if (onFailure === "reject" || !BinnacleError.isInstance(error)) throw error;
    return { scored: hits, rest: [], trace: { ...passed(), failed: [], error: error.code } };
  }
}

interface Refused<M extends Metadata> {
  readonly hit: Hit<M>;
  readonly code: string;
}

function ordered<M extends Metadata>(
  hits: readonly Hit<M>[],
  outcomes: readonly (number | BinnacleError)[],
): { readonly scored: readonly Hit<M>[]; readonly refused: readonly Refused<M>[] } {
  const scored: Hit<M>[] = [];
  const refused: Refused<M>[] = [];
  for (const [index, hit] of hits.entries()) {
    const outcome = outcomes[index];
    if (typeof outcome === "number") scored.push({ ...hit, score: outcome });
    else refused.push({ hit, code: outcome?.code ?? "invalid_response" });
  }
  return { scored: scored.sort((a, b) => b.score - a.score), refused };
}
