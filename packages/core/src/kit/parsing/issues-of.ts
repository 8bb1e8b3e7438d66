import type { z } from "zod";
import type { ConfigurationIssue } from "../../errors/configuration-error.ts";

/** Converts the issues of a zod error, so that no public type depends on zod. */
export function issuesOf(error: z.ZodError): readonly ConfigurationIssue[] {
  return error.issues.map((issue) => ({ path: issue.path.map(String).join("."), message: issue.message }));
}

/** Joins all issues into one line. */
export function describeIssues(issues: readonly ConfigurationIssue[]): string {
  return issues.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`)).join("; ");
}
