import { createHttpModelServer } from "../../server/http-model-server.ts";
import type { BinaryModelServer } from "../../server/model-server.ts";
import { vllmFailures } from "./vllm-failures.ts";
import type { VllmServerSettings } from "./vllm-options.ts";

/**
 * Creates the HTTP side of one vLLM server. Opens no connection yet. `onLost` runs when the connection is
 * lost, because the server may have changed when it answers again.
 */
export function createVllmServer(
  component: string,
  settings: VllmServerSettings,
  onLost: () => void,
): BinaryModelServer {
  return createHttpModelServer({ ...settings, component, table: vllmFailures, onLost });
}
