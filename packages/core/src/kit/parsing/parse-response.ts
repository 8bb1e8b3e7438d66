import type { z } from "zod";
import { InvalidResponseError } from "../../errors/invalid-response-error.ts";
import { describeIssues, issuesOf } from "./issues-of.ts";

/**
 * Checks what a server sent against the least that is needed of it. Throws an `InvalidResponseError` that lists every
 * issue with its path. Use `z.object`, so that a newer server may say more.
 */
export function parseResponse<S extends z.ZodType>(source: string, schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = issuesOf(result.error);
  throw new InvalidResponseError(`${source}: the answer is not as expected: ${describeIssues(issues)}`, {
    issues,
    cause: result.error,
  });
}
