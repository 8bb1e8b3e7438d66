import { ConfigurationError, type EmbedOptions, type InferenceCallOptions } from "@binnacle/core";
import { callOptionsFields, describeValue, parseOptions } from "@binnacle/core/kit";
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

const embedSchema = schema.extend({ role: z.enum(["query", "document"]) });

/**
 * Checks the arguments of an embedder's `embed`, apart from the single inputs. Throws a `ConfigurationError`
 * that lists every issue.
 */
export function checkEmbedArguments(label: string, inputs: unknown, options: EmbedOptions): void {
  parseOptions(label, embedSchema, options);
  if (Array.isArray(inputs)) return;
  const wayOut = typeof inputs === "string" ? ". Pass it in an array: embed([text], …)" : "";
  throw new ConfigurationError(`${label}: inputs: expected an array, got ${describeValue(inputs)}${wayOut}`);
}

/** Checks the options of a call. Throws a `ConfigurationError` that lists every issue. */
export function checkCallOptions(label: string, options: InferenceCallOptions): void {
  parseOptions(label, schema, options);
}
