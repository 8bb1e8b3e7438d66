import type { InferenceErrorKind } from "@binnacle/core";
import type { FailureRow, FailureTable } from "../../failures/failure-table.ts";

// Triton puts the request's id before some messages.
const begins = (text: string): RegExp => new RegExp(`^(\\[request id: [^\\]]*\\] )?${text}`, "i");

const rows: readonly FailureRow[] = [
  // Triton 2.51 answers UNAVAILABLE (503) if the queue of a model is full, or a request waited too long in it.
  { kind: "overloaded", message: begins("Exceeds maximum queue size") },
  { kind: "overloaded", message: begins("Request timeout expired") },
  // The process of a Python model has died. The server stays ready, and every later request fails.
  { kind: "engine-dead", message: begins("Stub process .*is not healthy") },
  // Also during a shutdown, because the server unloads its models first.
  { kind: "loading", message: begins("Request for unknown model: '[^']*' has no available versions") },
  { kind: "not-found", message: begins("Request for unknown model") },
  // Inside a stream these come without a code.
  {
    kind: "invalid-request",
    message: begins("(inference request batch-size|inference input|unexpected shape|expected \\d+ inputs)"),
  },
  { kind: "not-found", message: begins("failed to load '[^']*', failed to poll from model repository") },
  // Shutdown: both come with UNAVAILABLE.
  { kind: "interrupted", message: begins("(GRPC )?server is (stopping|shutting down|exiting)") },
  { kind: "interrupted", message: begins("Server is stopping, scheduler for model has stopped") },
];

const hints: Partial<Readonly<Record<InferenceErrorKind, string>>> = {
  "engine-dead": "unload the model and load it again",
  "not-found": "check the name",
  loading: "load the model, or use another replica",
};

/** Maps the failures of Triton over gRPC and HTTP to kinds and hints. */
export const tritonFailures: FailureTable = { rows, hint: (kind) => hints[kind] };
