import { headerIssue } from "@binnacle/core/kit";
import { z } from "zod";

/**
 * Creates the schema field for headers that go with every request. It refuses a value that cannot be sent,
 * without showing it.
 */
export function serverHeaders(): z.ZodRecord<z.ZodString, z.ZodString> {
  // Trimmed, because a key read from a file ends with a line break. Redaction must know the value as it is
  // sent.
  return z.record(z.string(), z.string().trim()).superRefine((headers, context) => {
    for (const [name, value] of Object.entries(headers)) {
      const message = headerIssue(name, value);
      if (message !== undefined) context.addIssue({ code: "custom", path: [name], message });
    }
  });
}
