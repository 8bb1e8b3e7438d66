import type { z } from "zod";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import { describeIssues, issuesOf } from "./issues-of.ts";

/**
 * Checks options once, at the border, and fills in defaults. Throws a `ConfigurationError` that lists every issue with
 * its path. Use `z.strictObject`, so that a misspelt key is an issue too.
 */
export function parseOptions<S extends z.ZodType>(
  component: string,
  schema: S,
  options: unknown,
): z.output<S> {
  const result = schema.safeParse(options);
  if (result.success) return result.data;
  const issues = issuesOf(result.error);
  throw new ConfigurationError(`${component}: ${describeIssues(issues)}`, { issues, cause: result.error });
}
