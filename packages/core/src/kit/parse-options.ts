import type { z } from "zod";
import { ConfigurationError } from "../errors/configuration-error.ts";

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
  const issues = result.error.issues.map((issue) => ({
    path: issue.path.map(String).join("."),
    message: issue.message,
  }));
  const list = issues.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`)).join("; ");
  throw new ConfigurationError(`${component}: ${list}`, { issues, cause: result.error });
}
