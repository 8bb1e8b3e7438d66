import { setTimeout as wait } from "node:timers/promises";
import type { InferenceBackend } from "@binnacle/core";
import { createGenerationStream } from "@binnacle/core/kit";

/** Wraps a backend so that it emits a word every `everyMs` milliseconds. */
export function pacedBackend(backend: InferenceBackend, everyMs: number): InferenceBackend {
  const stream: InferenceBackend["stream"] = (request, options = {}) =>
    createGenerationStream({
      signal: options.signal,
      open: async function* () {
        for await (const event of backend.stream(request, options)) {
          await wait(everyMs, undefined, { signal: options.signal });
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
