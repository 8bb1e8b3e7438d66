import type { InferenceErrorKind } from "@binnacle/core";
import { chatServerRows } from "../../failures/chat-server-rows.ts";
import type { FailureTable } from "../../failures/failure-table.ts";

const hints: Partial<Readonly<Record<InferenceErrorKind, string>>> = {
  "too-long": "shorten it, or start llama-server with a larger -c, and for embeddings -ub",
  unauthorized: "give the key of the server's --api-key as apiKey",
  loading: "try again when GET /health answers 200",
};

/** How llama-server says what went wrong. */
export const llamaCppFailures: FailureTable = { rows: chatServerRows, hint: (kind) => hints[kind] };
