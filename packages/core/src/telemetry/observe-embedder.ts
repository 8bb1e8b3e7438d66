import { BinnacleError } from "../errors/binnacle-error.ts";
import { noTelemetry } from "../kit/telemetry/no-telemetry.ts";
import type { Embedder } from "../spec/embedder.ts";
import type { Telemetry } from "../spec/telemetry.ts";
import { ObservedPart } from "./observed-part.ts";

/** Options of {@link observeEmbedder}, {@link observeReranker} and {@link observeBackend}. */
export interface ObserveModelOptions {
  readonly telemetry: Telemetry;
  /** The kind of model server, such as `llama-cpp` or `openai`. */
  readonly provider: string;
}

/**
 * Reports the calls of an embedder, with its inputs, failed inputs and tokens. `model` is the id of the vector
 * space. Returns the embedder itself if the telemetry records nothing.
 */
export function observeEmbedder(inner: Embedder, { telemetry, provider }: ObserveModelOptions): Embedder {
  if (telemetry === noTelemetry) return inner;
  const part = new ObservedPart({
    telemetry,
    part: "embedder",
    labels: { provider },
    attributes: ["model", "role"],
  });
  const inputs = telemetry.counter("binnacle.embedder.inputs", {
    unit: "items",
    description: "Inputs of an embedder, by their outcome.",
    attributes: ["provider", "model", "outcome"],
  });
  const tokens = telemetry.histogram("binnacle.embedder.input_tokens", {
    unit: "tokens",
    description: "Tokens of one call of an embedder, as the server counts them.",
    attributes: ["provider", "model"],
  });
  return {
    describe: (options) => inner.describe(options),
    embed: (given, options) =>
      part.run({ operation: "embed", options }, async (observed, open) => {
        const result = await inner.embed(given, observed);
        const model = result.spaceId === "" ? undefined : result.spaceId;
        const failed = result.outcomes.filter((outcome) => BinnacleError.isInstance(outcome)).length;
        open.setAttributes({ model, role: options.role, items: given.length, tokens: result.usage?.tokens });
        inputs.add(given.length - failed, { provider, model, outcome: "embedded" });
        if (failed > 0) inputs.add(failed, { provider, model, outcome: "failed" });
        if (result.usage !== undefined) tokens.record(result.usage.tokens, { provider, model });
        return result;
      }),
    close: () => inner.close(),
    [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  };
}
