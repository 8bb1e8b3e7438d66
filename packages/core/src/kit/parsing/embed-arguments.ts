import { z } from "zod";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import type { InferenceCallOptions } from "../../spec/call-options.ts";
import type { Embedder, EmbedOptions } from "../../spec/embedder.ts";
import { callOptionsFields } from "./call-options.ts";
import { describeValue } from "./describe-value.ts";
import { inputIssue } from "./input-issue.ts";
import { parseOptions } from "./parse-options.ts";
import { once } from "../once.ts";
import { part } from "./part.ts";

const callFields = once(() => ({
  ...callOptionsFields,
  priority: z.number().optional(),
  tenant: z.string().optional(),
  affinity: z.string().optional(),
  requestId: z.string().optional(),
  maxAttempts: z.int().positive().optional(),
}));
// Unknown keys are allowed, because a wrapping embedder passes on the options of its own call.
const describeSchema = once(() => z.object(callFields()).default({}));
const embedSchema = once(() => z.object({ ...callFields(), role: z.enum(["query", "document"]) }));

const embedderSchema = once(() =>
  z.strictObject({
    embedder: part<Embedder>(
      ["embed", "describe"],
      "an Embedder, such as createEmbedder({ id, dimensions, embed })",
    ),
  }),
);

/** Throws a `ConfigurationError` unless the value is an embedder to wrap. */
export function checkEmbedder(label: string, embedder: unknown): void {
  parseOptions(label, embedderSchema(), { embedder });
}

/** Checks the options of an embedder's `describe`. Throws a `ConfigurationError` that lists every issue. */
export function parseDescribeOptions(label: string, options: unknown): InferenceCallOptions {
  return parseOptions(`${label}: describe`, describeSchema(), options);
}

/**
 * Checks the arguments of an embedder's `embed`. Throws a `ConfigurationError` that names the first wrong
 * input or every wrong option.
 */
export function parseEmbedArguments(label: string, inputs: unknown, options: unknown): EmbedOptions {
  if (!Array.isArray(inputs)) {
    const wayOut = typeof inputs === "string" ? ". Pass it in an array: embed([text], …)" : "";
    throw new ConfigurationError(
      `${label}: embed: inputs: expected an array, got ${describeValue(inputs)}${wayOut}`,
    );
  }
  for (const [i, input] of Array.from<unknown>(inputs).entries()) {
    const issue = inputIssue(input, `inputs.${i}`);
    if (issue !== undefined) throw new ConfigurationError(`${label}: embed: ${issue}`);
  }
  return parseOptions(`${label}: embed`, embedSchema(), options);
}
