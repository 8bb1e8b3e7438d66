/**
 * When a question is refused. `off`: only if nothing was found. `clear`: if it is most likely about something else. `strict`:
 * unless it is likely that the passages hold the answer.
 */
export type RefusalLevel = "off" | "clear" | "strict";

/** Chosen by the development and validation questions of `tests/evaluation`. */
const levels: Readonly<Record<RefusalLevel, number>> = { off: 0, clear: 0.1, strict: 0.3 };

/** True if a value names a level. */
export function isRefusalLevel(value: unknown): value is RefusalLevel {
  return typeof value === "string" && Object.hasOwn(levels, value);
}

/** The least confidence of a level, or the number itself. */
export function leastConfidence(refuse: RefusalLevel | number): number {
  return typeof refuse === "number" ? refuse : levels[refuse];
}
