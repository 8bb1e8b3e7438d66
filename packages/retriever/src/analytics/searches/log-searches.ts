import { BinnacleError, type Metadata, type Retriever } from "@binnacle/core";
import { inputText } from "@binnacle/core/kit";
import type { SearchLog } from "./create-search-log.ts";

/** Options of {@link logSearches}. */
export interface LogSearchesOptions {
  readonly log: SearchLog;
  /** Id of the user who searches. Only a keyed hash is kept. @default unknown */
  readonly user?: string | undefined;
}

/** Returns a retriever that records every search with a text, also failed ones, but no aborted ones. */
export function logSearches<M extends Metadata, F extends Metadata>(
  retriever: Retriever<M, F>,
  { log, user }: LogSearchesOptions,
): Retriever<M, F> {
  return {
    retrieve: async (query, options) => {
      const startedAt = performance.now();
      const text = inputText(query);
      const record = (found: {
        readonly hits: number;
        readonly score?: number | undefined;
        readonly error?: string;
      }) => {
        if (text !== "")
          log.record({ query: text, user, durationMs: performance.now() - startedAt, ...found });
      };
      try {
        const retrieval = await retriever.retrieve(query, options);
        const score = retrieval.trace.legs.find(({ kind }) => kind === "dense")?.best;
        record({ hits: retrieval.passages.length, score });
        return retrieval;
      } catch (error) {
        const code = BinnacleError.isInstance(error) ? error.code : "unexpected_error";
        if (options?.signal?.aborted !== true) record({ hits: 0, error: code });
        throw error;
      }
    },
  };
}
