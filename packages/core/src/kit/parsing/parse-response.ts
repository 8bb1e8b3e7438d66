import type { z } from "zod";
import { InvalidResponseError } from "../../errors/invalid-response-error.ts";
import { describeIssues, issuesOf } from "./issues-of.ts";

/**
 * Checks a server's response against the fields that the driver needs. Throws an `InvalidResponseError` that
 * lists every issue with its path. Use `z.object`, so that newer servers may send more fields.
 */
export function parseResponse<S extends z.ZodType>(source: string, schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = issuesOf(result.error);
  throw new InvalidResponseError(`${source}: unexpected response: ${describeIssues(issues)}`, {
    issues,
    cause: result.error,
  });
}
