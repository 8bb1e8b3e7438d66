import type { InferenceErrorKind } from "@binnacle/core";
import { chatServerRows } from "../../failures/chat-server-rows.ts";
import type { FailureRow, FailureTable } from "../../failures/failure-table.ts";

// From the server's own API description: https://huggingface.github.io/text-embeddings-inference
const rows: readonly FailureRow[] = [
  // "Inference failed": the model's backend failed, which is no fault of the request.
  { kind: "server", message: /^(?!$)/, statuses: [424] },
  // "batch size 40 > maximum allowed batch size 32"
  { kind: "invalid-request", message: /maximum allowed batch size/i, statuses: [413, 422] },
  // "model is not a re-ranker model"
  { kind: "unsupported", message: /is not a re-?ranker/i, statuses: [400, 424, 422] },
];

const hints: Partial<Readonly<Record<InferenceErrorKind, string>>> = {
  "too-long": "shorten it, or start the server with --auto-truncate",
  unauthorized: "set apiKey to the server's --api-key",
};

/** Maps the failures of text-embeddings-inference to kinds and hints. */
export const teiFailures: FailureTable = {
  rows: [...rows.toReversed(), ...chatServerRows],
  hint: (kind) => hints[kind],
};
