import type { InferenceCallOptions } from "@binnacle/core";
import { callOptionsFields, parseOptions } from "@binnacle/core/kit";
import { z } from "zod";

// Not strict: a pool, or a later version of this interface, may hand down more.
const schema = z.object({
  ...callOptionsFields,
  priority: z.number().optional(),
  tenant: z.string().optional(),
  affinity: z.string().optional(),
  requestId: z.string().min(1).optional(),
  maxAttempts: z.int().positive().optional(),
});

/** Throws a `ConfigurationError` unless the options of a call can be used. */
export function checkCallOptions(label: string, options: InferenceCallOptions): void {
  parseOptions(label, schema, options);
}
