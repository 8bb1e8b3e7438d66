import { createHttpModelServer } from "../../server/http-model-server.ts";
import type { ModelServer } from "../../server/model-server.ts";
import { teiFailures } from "./tei-failures.ts";
import type { TeiRerankerSettings } from "./tei-options.ts";

/**
 * Creates the HTTP side of one server. Opens no connection yet. `onLost` runs when the connection is lost,
 * because the server may have changed when it answers again.
 */
export function createTeiServer(
  component: string,
  settings: TeiRerankerSettings,
  onLost: () => void,
): ModelServer {
  return createHttpModelServer({ ...settings, component, table: teiFailures, onLost });
}
