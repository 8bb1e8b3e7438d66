import type { InferenceCallOptions } from "@binnacle/core";
import type { TritonServer } from "./triton-server.ts";

/**
 * Asks whether the server and a model are ready. Returns a fault, or undefined. Rejects if the server does
 * not answer.
 */
export async function askHealth(
  server: TritonServer,
  model: string,
  version: string | undefined,
  options: InferenceCallOptions,
): Promise<string | undefined> {
  return server.ask(options, async (transport, wire) => {
    if (!(await transport.serverReady(wire))) return "the server is not ready";
    return (await transport.modelReady(model, version, wire))
      ? undefined
      : `the model "${model}" is not loaded`;
  });
}
