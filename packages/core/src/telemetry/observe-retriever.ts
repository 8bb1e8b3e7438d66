import { noTelemetry } from "../kit/telemetry/no-telemetry.ts";
import type { Metadata } from "../spec/metadata.ts";
import type { Retriever } from "../spec/retriever.ts";
import type { Telemetry } from "../spec/telemetry.ts";
import { ObservedPart } from "./observed-part.ts";

/** Options of {@link observeRetriever}. */
export interface ObserveRetrieverOptions {
  readonly telemetry: Telemetry;
  /** Name of the retriever in the measurements, such as the name of its index. */
  readonly retriever: string;
}

/**
 * Reports the calls of a retriever, with the number of passages and the best similarity of the dense leg. An
 * observed embedder and an observed store inside report the stages as spans below it. Returns the retriever
 * itself if the telemetry records nothing.
 */
export function observeRetriever<M extends Metadata, F extends Metadata>(
  inner: Retriever<M, F>,
  { telemetry, retriever }: ObserveRetrieverOptions,
): Retriever<M, F> {
  if (telemetry === noTelemetry) return inner;
  const labels = { retriever };
  const part = new ObservedPart({ telemetry, part: "retriever", labels, attributes: ["mode", "is_cached"] });
  const passages = telemetry.histogram("binnacle.retriever.passages", {
    unit: "items",
    description: "Passages that one call returned. 0 means that nothing was found.",
    attributes: ["retriever"],
  });
  const similarities = telemetry.histogram("binnacle.retriever.similarity", {
    unit: "ratio",
    description: "Similarity of the best hit of the dense leg.",
    attributes: ["retriever"],
  });
  return {
    retrieve: (query, options) =>
      part.run(
        { operation: "retrieve", options, attributes: { limit: options?.limit } },
        async (given, open) => {
          const retrieval = await inner.retrieve(query, given);
          const { mode, legs, cachedForMs } = retrieval.trace;
          open.setAttributes({
            mode,
            is_cached: cachedForMs !== undefined,
            items: retrieval.passages.length,
          });
          passages.record(retrieval.passages.length, labels);
          const best = legs.find(({ kind }) => kind === "dense")?.best;
          if (best !== undefined) similarities.record(best, labels);
          return retrieval;
        },
      ),
  };
}
