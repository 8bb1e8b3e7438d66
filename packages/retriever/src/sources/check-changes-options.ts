import { callOptionsFields, parseOptions, once } from "@binnacle/core/kit";
import { z } from "zod";

const schema = once(() =>
  z.strictObject({
    ...callOptionsFields,
    follow: z.boolean(),
    resume: z.map(z.string(), z.string()).optional(),
  }),
);

/**
 * Checks the options of {@link DocumentSource.changes}. Throws a `ConfigurationError` that lists every issue.
 */
export function checkChangesOptions(source: string, options: unknown): void {
  parseOptions(`${source}.changes`, schema(), options);
}
