import type { z } from "zod";
import type { ConfigurationIssue } from "../../errors/configuration-error.ts";

/** The issues of a zod error in our own words, so that zod shows in no public type. */
export function issuesOf(error: z.ZodError): readonly ConfigurationIssue[] {
  return error.issues.map((issue) => ({ path: issue.path.map(String).join("."), message: issue.message }));
}

/** All issues in one line. */
export function describeIssues(issues: readonly ConfigurationIssue[]): string {
  return issues.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`)).join("; ");
}
