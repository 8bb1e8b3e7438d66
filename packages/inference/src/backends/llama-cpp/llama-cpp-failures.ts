import type { InferenceErrorKind } from "@binnacle/core";
import { chatServerRows } from "../../failures/chat-server-rows.ts";
import type { FailureTable } from "../../failures/failure-table.ts";

const hints: Partial<Readonly<Record<InferenceErrorKind, string>>> = {
  "too-long": "shorten it, or start llama-server with a larger -c (for embeddings also -ub)",
  unauthorized: "set apiKey to the server's --api-key",
  loading: "try again when GET /health answers 200",
};

/** Maps the failures of llama-server to kinds and hints. */
export const llamaCppFailures: FailureTable = { rows: chatServerRows, hint: (kind) => hints[kind] };
