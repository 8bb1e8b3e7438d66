import { createHttpModelServer } from "../../server/http-model-server.ts";
import type { ModelServer } from "../../server/model-server.ts";
import { llamaCppFailures } from "./llama-cpp-failures.ts";
import type { LlamaCppServerSettings } from "./llama-cpp-options.ts";

/** Makes the wire to one llama-server; opens no connection yet. `onLost` runs when it may come back as another. */
export function createLlamaCppServer(
  component: string,
  settings: LlamaCppServerSettings,
  onLost: () => void,
): ModelServer {
  return createHttpModelServer({ ...settings, component, table: llamaCppFailures, onLost });
}
