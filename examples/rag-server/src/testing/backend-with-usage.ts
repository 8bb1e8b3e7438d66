import type { GenerationUsage, InferenceBackend } from "@binnacle/core";
import { createGenerationStream } from "@binnacle/core/kit";

/** Wraps a backend so that it reports the tokens of each generation, as a model server does. */
export function backendWithUsage(backend: InferenceBackend, usage: GenerationUsage): InferenceBackend {
  const stream: InferenceBackend["stream"] = (request, options = {}) =>
    createGenerationStream({
      signal: options.signal,
      open: async function* () {
        for await (const event of backend.stream(request, options)) {
          if (event.type === "finish") yield { type: "usage", usage };
          yield event;
        }
      },
    });
  return {
    capabilities: (options) => backend.capabilities(options),
    generate: async (request, options) => await stream(request, options).result,
    stream,
    countTokens: (request, options) => backend.countTokens(request, options),
    health: (options) => backend.health(options),
    close: () => backend.close(),
    [Symbol.asyncDispose]: () => backend.close(),
  };
}
