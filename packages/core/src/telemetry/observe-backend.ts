import { noTelemetry } from "../kit/telemetry/no-telemetry.ts";
import { createGenerationStream } from "../kit/streams/generation-stream.ts";
import type { InferenceCallOptions } from "../spec/call-options.ts";
import type { GenerateRequest } from "../spec/generate-request.ts";
import type { Generation, GenerationEvent } from "../spec/generation.ts";
import type { InferenceBackend } from "../spec/inference-backend.ts";
import type { Attributes, Histogram, Telemetry } from "../spec/telemetry.ts";
import type { ObserveModelOptions } from "./observe-embedder.ts";
import { ObservedPart, withParent, type OpenCall } from "./observed-part.ts";

/**
 * Reports the generations of a backend: duration, time to the first token, tokens of prompt and answer, and
 * the reason of the end. Texts are never reported. Returns the backend itself if the telemetry records
 * nothing.
 */
export function observeBackend(
  inner: InferenceBackend,
  { telemetry, provider }: ObserveModelOptions,
): InferenceBackend {
  if (telemetry === noTelemetry) return inner;
  const part = new ObservedPart({ telemetry, part: "backend", labels: { provider }, attributes: ["model"] });
  const meters = new BackendMeters(telemetry);
  const observed = { inner, part, meters };
  return {
    capabilities: (options) => inner.capabilities(options),
    generate: (request, options) =>
      part.run({ operation: "generate", options, attributes: asked(request) }, async (given, open) => {
        const generation = await inner.generate(request, given);
        meters.finished(open, part.labels, generation);
        return generation;
      }),
    stream: (request, options = {}) =>
      createGenerationStream({
        signal: options.signal,
        open: (signal) => events(observed, request, { ...options, signal }),
      }),
    countTokens: (request, options) => inner.countTokens(request, options),
    health: async (options) => part.checked(await inner.health(options)),
    close: () => inner.close(),
    [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  };
}

interface ObservedBackend {
  readonly inner: InferenceBackend;
  readonly part: ObservedPart;
  readonly meters: BackendMeters;
}

async function* events(
  { inner, part, meters }: ObservedBackend,
  request: GenerateRequest,
  options: InferenceCallOptions,
): AsyncGenerator<GenerationEvent, void> {
  const open = part.start("stream", options.traceparent, asked(request));
  let ended: Ended = {};
  let hasBegun = false;
  try {
    for await (const event of inner.stream(request, withParent(options, open.span.traceparent))) {
      if (event.type === "start") ended = { model: event.model, cachedForMs: event.cachedForMs };
      else if (event.type === "usage") ended = { ...ended, usage: event.usage };
      else if (!hasBegun) {
        hasBegun = true;
        meters.began(open, part.labels);
      }
      if (event.type === "finish")
        meters.finished(open, part.labels, { ...ended, finishReason: event.reason });
      yield event;
    }
    open.end();
  } catch (error) {
    open.end({ error, isAborted: options.signal?.aborted === true });
    throw error;
  } finally {
    // A call that is still open here was left in the middle of its loop.
    open.end({ error: undefined, isAborted: true });
  }
}

type Ended = Partial<Pick<Generation, "model" | "usage" | "finishReason" | "cachedForMs">>;

class BackendMeters {
  readonly #firstTokens: Histogram;
  readonly #inputs: Histogram;
  readonly #outputs: Histogram;

  constructor(telemetry: Telemetry) {
    const attributes = ["provider", "model"];
    this.#firstTokens = telemetry.histogram("binnacle.backend.first_token", {
      unit: "ms",
      description: "Time from the request to the first event of a streamed answer.",
      attributes: ["provider"],
    });
    this.#inputs = telemetry.histogram("binnacle.backend.input_tokens", {
      unit: "tokens",
      description: "Tokens of one prompt, as the server counts them.",
      attributes,
    });
    this.#outputs = telemetry.histogram("binnacle.backend.output_tokens", {
      unit: "tokens",
      description: "Tokens of one answer, as the server counts them.",
      attributes,
    });
  }

  began(open: OpenCall, labels: Attributes): void {
    const firstTokenMs = open.elapsedMs();
    open.span.setAttributes({ first_token_ms: firstTokenMs });
    this.#firstTokens.record(firstTokenMs, labels);
  }

  finished(open: OpenCall, labels: Attributes, { model, usage, finishReason, cachedForMs }: Ended): void {
    open.setAttributes({ model });
    open.span.setAttributes({
      finish_reason: finishReason,
      input_tokens: usage?.promptTokens,
      output_tokens: usage?.completionTokens,
      cached_tokens: usage?.cachedTokens,
      is_cached: cachedForMs === undefined ? undefined : true,
    });
    // A cached answer costs no tokens.
    if (usage === undefined || cachedForMs !== undefined) return;
    this.#inputs.record(usage.promptTokens, { ...labels, model });
    this.#outputs.record(usage.completionTokens, { ...labels, model });
  }
}

function asked({ model, maxTokens, temperature, topP, seed }: GenerateRequest): Attributes {
  return { model, max_tokens: maxTokens, temperature, top_p: topP, seed };
}
