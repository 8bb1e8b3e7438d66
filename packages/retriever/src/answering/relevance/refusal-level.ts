import { describeValue, once } from "@binnacle/core/kit";
import { z } from "zod";

/**
 * The condition under which a question is refused. `off`: nothing was found. `clear`: the passages are most
 * likely about something else, with a confidence below 0.1. `strict`: the confidence is below 0.3.
 */
export type RefusalLevel = "off" | "clear" | "strict";

/**
 * The least confidence of each level, chosen with the development and validation questions of
 * `tests/evaluation`.
 */
const levels: Readonly<Record<RefusalLevel, number>> = { off: 0, clear: 0.1, strict: 0.3 };

/** Returns true if a value is the name of a level. */
export function isRefusalLevel(value: unknown): value is RefusalLevel {
  return typeof value === "string" && Object.hasOwn(levels, value);
}

/** The schema of an option that holds a level or a least confidence. */
export const refuseField: () => z.ZodType<RefusalLevel | number> = once(() =>
  z.custom<RefusalLevel | number>(
    (value) => isRefusalLevel(value) || (typeof value === "number" && value >= 0 && value <= 1),
    {
      error: ({ input }) =>
        `expected "off", "clear", "strict" or the least confidence from 0 to 1, got ${describeValue(input)}`,
    },
  ),
);

/** Returns the least confidence of a level, or the number itself. */
export function leastConfidence(refuse: RefusalLevel | number): number {
  return typeof refuse === "number" ? refuse : levels[refuse];
}
