import type { JsonValue } from "@binnacle/core";

const tickingNames: ReadonlySet<string> = new Set([
  "containerID",
  "currentMetrics",
  "images",
  "imageID",
  "lastObservedTime",
  "nodeInfo",
  "volumesAttached",
  "volumesInUse",
]);

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

/** Returns true if a field of a status changes while nothing happens: a time, an image list, a metric. */
export function isStatusNoise(name: string, value: JsonValue): boolean {
  if (tickingNames.has(name)) return true;
  return typeof value === "string" && instant.test(value);
}

/** Returns a count in steps, so that it does not tick: 0, 1 to 5, more than 5. */
export function inSteps(count: number): string {
  if (count <= 0) return "0";
  return count <= 5 ? "1 to 5" : "more than 5";
}

// `cpu=500m` is an amount.
const duration =
  /(?<!cpu["']?[=:]\s?)\b\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h)(?:\d+(?:\.\d+)?(?:ms|s|m|h)){0,5}\b/g;
const quantity = /^\d+(?:\.\d+)?[A-Za-z]{0,2}$/;
const time = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?: ?(?:Z|[+-]\d\d:?\d\d))?(?: UTC)?/g;

/**
 * Returns a message without the times and durations in it, which tick while the state stays the same. A single
 * quantity stays, because it is a state: `500m` is half a processor, and not a time.
 */
export function withoutTimes(message: string): string {
  if (quantity.test(message)) return message;
  return message.replace(time, "(time)").replace(duration, "(duration)");
}
