import type { z } from "zod";
import { ConfigurationError, type ConfigurationIssue } from "../../errors/configuration-error.ts";
import { allowedKeys } from "./allowed-keys.ts";
import { describeIssues, issuesOf } from "./issues-of.ts";

/**
 * Checks options and adds defaults. Throws a `ConfigurationError` that lists every issue with its path. Use
 * `z.strictObject`, so that a misspelt key is an issue too. The message then names the allowed keys.
 */
export function parseOptions<S extends z.ZodType>(
  component: string,
  schema: S,
  options: unknown,
): z.output<S> {
  const result = schema.safeParse(options);
  if (result.success) return result.data;
  const found = result.error.issues;
  const issues = issuesOf(result.error).map((issue, i) => withAllowedKeys(schema, issue, found[i]));
  throw new ConfigurationError(`${component}: ${describeIssues(issues)}`, { issues, cause: result.error });
}

function withAllowedKeys(
  schema: z.ZodType,
  issue: ConfigurationIssue,
  found: z.core.$ZodIssue | undefined,
): ConfigurationIssue {
  if (found?.code !== "unrecognized_keys") return issue;
  const allowed = allowedKeys(schema, found.path);
  if (allowed === undefined) return issue;
  const unknown = found.keys.map((key) => `\`${key}\``).join(", ");
  const verb = found.keys.length === 1 ? "is not an option" : "are not options";
  return { path: issue.path, message: `${unknown} ${verb}; the options are ${allowed.join(", ")}` };
}
