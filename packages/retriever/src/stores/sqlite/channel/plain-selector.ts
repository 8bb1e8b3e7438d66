import { ConfigurationError, type PointSelector, type SearchQuery } from "@binnacle/core";
import { describeValue, isPlainObject } from "@binnacle/core/kit";

/** Returns a selector that can be sent to another thread. An object loses inherited members on the way. A
 * condition of a class or prototype would be lost, and a filter without conditions means every point. */
export function plainSelector(selector: PointSelector): PointSelector {
  if (!isObject(selector)) return selector;
  const { filter, sourceId, documentId, index } = selector;
  checkFilter(filter);
  return { ...selector, filter, sourceId, documentId, index };
}

/** Returns a query that can be sent to another thread. */
export function plainQuery(query: SearchQuery): SearchQuery {
  if (!isObject(query)) return query;
  const { legs, fusion, boost, mmr, limit, offset, filter, explain } = query;
  checkFilter(filter);
  if (Array.isArray(boost)) checkFilter(boost, "boost");
  return { ...query, legs, fusion, boost, mmr, limit, offset, filter, explain };
}

/** Throws a `ConfigurationError` if a filter contains an object that is not plain. The worker reports
 * other mistakes. */
function checkFilter(filter: unknown, name = "filter"): void {
  const waiting: (readonly [path: string, value: unknown])[] = [[name, filter]];
  const seen = new Set<unknown>(); // a filter may contain one object many times, or itself
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [path, value] = next;
    if (typeof value !== "object" || value === null || seen.has(value)) continue;
    seen.add(value);
    if (!Array.isArray(value) && !isPlainObject(value)) throw refused(path, value);
    for (const [key, member] of Object.entries(value)) waiting.push([`${path}.${key}`, member]);
  }
}

function refused(path: string, value: unknown): ConfigurationError {
  const message = `expected plain conditions, got ${describeValue(value)}`;
  return new ConfigurationError(`The filter is invalid: ${path}: ${message}`, {
    issues: [{ path, message }],
  });
}

/** Other values are left to the worker to refuse. */
function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
