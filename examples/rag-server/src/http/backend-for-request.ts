import type { InferenceBackend, InferenceCallOptions } from "@binnacle/core";

/** Adds fields to the options of every call, so that model servers and fair queues know the request. */
export function backendForRequest(
  backend: InferenceBackend,
  fields: Pick<InferenceCallOptions, "requestId" | "tenant">,
): InferenceBackend {
  return {
    capabilities: (options) => backend.capabilities({ ...options, ...fields }),
    generate: (request, options) => backend.generate(request, { ...options, ...fields }),
    stream: (request, options) => backend.stream(request, { ...options, ...fields }),
    countTokens: (request, options) => backend.countTokens(request, { ...options, ...fields }),
    health: (options) => backend.health({ ...options, ...fields }),
    close: () => backend.close(),
    [Symbol.asyncDispose]: () => backend.close(),
  };
}
