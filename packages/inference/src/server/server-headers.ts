import { headerIssue } from "@binnacle/core/kit";
import { z } from "zod";

/**
 * The field for headers that go with every request, to be put into a driver's schema. A value that cannot be sent is
 * refused beforehand and not shown.
 */
export function serverHeaders(): z.ZodRecord<z.ZodString, z.ZodString> {
  // Trimmed as they will be sent: a key out of a file ends with a line break, and is to be known where it is repeated.
  return z.record(z.string(), z.string().trim()).superRefine((headers, context) => {
    for (const [name, value] of Object.entries(headers)) {
      const message = headerIssue(name, value);
      if (message !== undefined) context.addIssue({ code: "custom", path: [name], message });
    }
  });
}
