import type { GenerationUsage, InferenceBackend, InferenceCallOptions } from "@binnacle/core";
import { createGenerationStream } from "@binnacle/core/kit";

/** The request that a backend is used for. */
export interface BackendRequest extends Pick<InferenceCallOptions, "requestId" | "tenant"> {
  /** Called with the tokens of each generation, if the model server counts them. */
  readonly onUsage: (usage: GenerationUsage) => void;
}

/**
 * Adds the request's id and tenant to every call, so that model servers and fair queues know them, and reports
 * the tokens.
 */
export function backendForRequest(
  backend: InferenceBackend,
  { onUsage, ...fields }: BackendRequest,
): InferenceBackend {
  const stream: InferenceBackend["stream"] = (request, options = {}) =>
    createGenerationStream({
      signal: options.signal,
      open: async function* () {
        for await (const event of backend.stream(request, { ...options, ...fields })) {
          if (event.type === "usage") onUsage(event.usage);
          yield event;
        }
      },
    });
  return {
    capabilities: (options) => backend.capabilities({ ...options, ...fields }),
    generate: async (request, options) => await stream(request, options).result,
    stream,
    countTokens: (request, options) => backend.countTokens(request, { ...options, ...fields }),
    health: (options) => backend.health({ ...options, ...fields }),
    close: () => backend.close(),
    [Symbol.asyncDispose]: () => backend.close(),
  };
}
