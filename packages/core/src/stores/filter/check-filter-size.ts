import { ConfigurationError } from "../../errors/configuration-error.ts";
import { isPlainObject } from "../../kit/parsing/plain-object.ts";
import { MAX_FILTER_CONDITIONS, MAX_FILTER_DEPTH } from "./parse-filter.ts";

/**
 * Throws a `ConfigurationError` if a filter is so large or deep that `parseFilter` would refuse it. Costs at
 * most a thousand steps, so a store can call it before it sends the filter to another thread.
 */
export function checkFilterSize(filter: unknown): void {
  const waiting: [group: unknown, depth: number][] = [[filter, 1]];
  for (let spent = 0, next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [group, depth] = next;
    if (!isPlainObject(group)) continue;
    if (depth > MAX_FILTER_DEPTH)
      throw refused(`is nested deeper than ${MAX_FILTER_DEPTH} groups. Use a flatter filter`);
    spent += 1;
    for (const [key, value] of Object.entries(group)) {
      if (key !== "$and" && key !== "$or" && key !== "$not") continue;
      const groups: readonly unknown[] = Array.isArray(value) ? value : [value];
      if (spent + waiting.length + groups.length > MAX_FILTER_CONDITIONS)
        throw refused(`has more than ${MAX_FILTER_CONDITIONS} conditions. Use $in for long lists`);
      for (const each of groups) waiting.push([each, depth + 1]);
    }
  }
}

function refused(message: string): ConfigurationError {
  const issues = [{ path: "filter", message }];
  return new ConfigurationError(`The filter is invalid: filter: ${message}`, { issues });
}
