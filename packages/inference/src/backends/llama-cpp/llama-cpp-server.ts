import { createHttpModelServer } from "../../server/http-model-server.ts";
import type { ModelServer } from "../../server/model-server.ts";
import { llamaCppFailures } from "./llama-cpp-failures.ts";
import type { LlamaCppServerSettings } from "./llama-cpp-options.ts";

/**
 * Creates the HTTP side of one llama-server. Opens no connection yet. `onLost` runs when the connection is
 * lost, because the server may have changed when it answers again.
 */
export function createLlamaCppServer(
  component: string,
  settings: LlamaCppServerSettings,
  onLost: () => void,
): ModelServer {
  return createHttpModelServer({ ...settings, component, table: llamaCppFailures, onLost });
}
