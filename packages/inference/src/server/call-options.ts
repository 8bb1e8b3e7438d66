import type { InferenceCallOptions } from "@binnacle/core";
import { callOptionsFields, parseOptions } from "@binnacle/core/kit";
import { z } from "zod";

// Not strict, because a pool or a later version of the interface may pass further options.
const schema = z.object({
  ...callOptionsFields,
  priority: z.number().optional(),
  tenant: z.string().optional(),
  affinity: z.string().optional(),
  requestId: z.string().min(1).optional(),
  maxAttempts: z.int().positive().optional(),
});

/** Checks the options of a call. Throws a `ConfigurationError` that lists every issue. */
export function checkCallOptions(label: string, options: InferenceCallOptions): void {
  parseOptions(label, schema, options);
}
