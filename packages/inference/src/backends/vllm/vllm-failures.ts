import type { InferenceErrorKind } from "@binnacle/core";
import { chatServerRows } from "../../failures/chat-server-rows.ts";
import type { FailureRow, FailureTable } from "../../failures/failure-table.ts";

// Recorded from vLLM 0.32 unless a line names another source.
const rows: readonly FailureRow[] = [
  // A path that this server does not have, because its model is of another kind: {"detail":"Not Found"}
  { kind: "unsupported", message: /^Not Found$/, statuses: [404] },
  // "The model does not support Embeddings API" and the same for chat and score
  { kind: "unsupported", message: /does not support .{1,40} API/i, statuses: [400, 404, 501] },
  { kind: "unsupported", message: /is not a multimodal model|At most 0 image/i, statuses: [400, undefined] },
  {
    kind: "unsupported",
    message: /^"(auto|required)" tool choice requires|tool choice requires --/i,
    statuses: [400, undefined],
  },
  { kind: "unsupported", message: /matryoshka/i, statuses: [400] },
];

const hints: Partial<Readonly<Record<InferenceErrorKind, string>>> = {
  "too-long": "shorten it, or start vLLM with a larger --max-model-len",
  unauthorized: "set apiKey to the server's --api-key",
  "engine-dead": "restart the server",
};

/** Maps the failures of vLLM to kinds and hints. */
export const vllmFailures: FailureTable = {
  rows: [...rows, ...chatServerRows],
  hint: (kind, { message }) =>
    kind === "unsupported" && message === "Not Found"
      ? "this server lacks the endpoint; start vLLM with a model and --runner for this task"
      : hints[kind],
};
