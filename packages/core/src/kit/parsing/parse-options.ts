import type { z } from "zod";
import { ConfigurationError, type ConfigurationIssue } from "../../errors/configuration-error.ts";
import { allowedKeys } from "./allowed-keys.ts";
import { describeValue } from "./describe-value.ts";
import { describeIssues, issuesOf } from "./issues-of.ts";

/**
 * Checks options and adds defaults. Throws a `ConfigurationError` that lists every issue with its path and
 * the value, unless the value is text that may be a secret. Use `z.strictObject`, so that a misspelt key is
 * an issue too. The message then names the allowed keys.
 */
export function parseOptions<S extends z.ZodType>(
  component: string,
  schema: S,
  options: unknown,
): z.output<S> {
  if (isMistaken(options)) {
    const message = `expected an object of options, got ${describeValue(options)}`;
    throw new ConfigurationError(`${component}: ${message}`, { issues: [{ path: "", message }] });
  }
  const result = parsed(component, schema, options);
  if (result.success) return result.data;
  const found = result.error.issues;
  const issues = issuesOf(result.error).map((issue, i) =>
    withValue(withAllowedKeys(schema, issue, found[i]), found[i]),
  );
  throw new ConfigurationError(`${component}: ${describeIssues(issues)}`, { issues, cause: result.error });
}

/**
 * Returns true for an object without keys that is probably a mistake, such as a promise that was not awaited.
 */
function isMistaken(options: unknown): boolean {
  return options instanceof Promise || options instanceof Map || options instanceof Date;
}

function parsed<S extends z.ZodType>(
  component: string,
  schema: S,
  options: unknown,
): z.ZodSafeParseResult<z.output<S>> {
  try {
    return schema.safeParse(options, { reportInput: true });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigurationError(`${component}: an option cannot be read: ${why}`, { cause });
  }
}

/**
 * Adds the value to one of zod's own messages. Text may be a secret, so only names out of a list are shown.
 */
function withValue(issue: ConfigurationIssue, found: z.core.$ZodIssue | undefined): ConfigurationIssue {
  const { path, message } = issue;
  const value = found?.input;
  const isText = typeof value === "string" && value !== "" && found?.code !== "invalid_value";
  if (found === undefined || isText || message.includes(", got ")) return issue;
  if (found.code === "invalid_type" && message.endsWith("received number"))
    return { path, message: `${message} ${String(value)}` };
  if (found.code !== "too_small" && found.code !== "too_big" && found.code !== "invalid_value") return issue;
  return { path, message: `${message}, got ${describeValue(value)}` };
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
