import { noTelemetry } from "../kit/telemetry/no-telemetry.ts";
import type { Reranker } from "../spec/reranker.ts";
import type { ObserveModelOptions } from "./observe-embedder.ts";
import { ObservedPart } from "./observed-part.ts";

/** Reports the calls of a reranker. Returns the reranker itself if the telemetry records nothing. */
export function observeReranker(inner: Reranker, { telemetry, provider }: ObserveModelOptions): Reranker {
  if (telemetry === noTelemetry) return inner;
  const part = new ObservedPart({ telemetry, part: "reranker", labels: { provider } });
  const scored = telemetry.counter("binnacle.reranker.documents", {
    unit: "items",
    description: "Documents of a reranker, by their outcome.",
    attributes: ["provider", "outcome"],
  });
  return {
    describe: (options) => inner.describe(options),
    rerank: (query, documents, options) =>
      part.run({ operation: "rerank", options }, async (given, open) => {
        const result = await inner.rerank(query, documents, given);
        const count = result.outcomes.filter((outcome) => typeof outcome === "number").length;
        open.setAttributes({ items: documents.length, tokens: result.usage?.tokens });
        scored.add(count, { provider, outcome: "scored" });
        const failed = result.outcomes.length - count;
        if (failed > 0) scored.add(failed, { provider, outcome: "failed" });
        return result;
      }),
    close: () => inner.close(),
    [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  };
}
