import { BinnacleError } from "@binnacle/core";
import type { FastifyRequest } from "fastify";
import type { SearchLogs } from "../analytics/search-logs.ts";
import { tenantOf } from "../shared/open-collection.ts";
import type { HitReply, SearchMode } from "./search-schemas.ts";

/** The hits of a search. */
interface FoundHits {
  readonly mode: SearchMode;
  readonly hits: readonly HitReply[];
}

/** Records a search by its text, with its hits or its error. A search by vector has no text and is left out. */
export type SearchRecorder = (text: string | undefined, outcome: FoundHits | Error) => void;

/** Creates a recorder for the searches of one request, in the log of the caller's tenant. */
export function searchRecorder(
  searches: SearchLogs,
  request: FastifyRequest,
  startedAt: number,
): SearchRecorder {
  const log = searches.of(tenantOf(request));
  const user = request.principal.id;
  return (text, outcome) => {
    if (text === undefined || text.trim() === "") return;
    const search = { query: text, user, durationMs: performance.now() - startedAt };
    if (outcome instanceof Error) {
      const error = BinnacleError.isInstance(outcome) ? outcome.code : "unexpected_error";
      return log.record({ ...search, hits: 0, error });
    }
    const score = outcome.mode === "dense" ? outcome.hits[0]?.score : undefined;
    log.record({ ...search, hits: outcome.hits.length, score });
  };
}
