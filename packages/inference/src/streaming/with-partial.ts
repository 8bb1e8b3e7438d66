import { attribute } from "@binnacle/core";

/**
 * The error of a generation that had begun, with what had arrived. Its class stays, for whoever switches on it: a timeout
 * is a timeout. An `InferenceError` has been given its partial text where it was made.
 */
export function withPartial(error: unknown, partial: string | undefined): unknown {
  return partial === undefined ? error : attribute(error, { partial: { text: partial } });
}
