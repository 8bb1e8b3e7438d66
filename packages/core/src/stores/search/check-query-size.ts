import { ConfigurationError } from "../../errors/configuration-error.ts";
import type { SearchQuery } from "../../spec/search.ts";
import { checkFilterSize } from "../filter/check-filter-size.ts";
import { MAX_BOOSTS, MAX_LEGS } from "./parse-query.ts";

/**
 * Throws a `ConfigurationError` if a query has more legs, boosts or conditions than `parseQuery` and
 * `parseFilter` accept. Costs little, so a store can call it before it sends the query to another thread.
 */
export function checkQuerySize(query: SearchQuery | undefined): void {
  checkLength("legs", query?.legs, MAX_LEGS);
  checkLength("boost", query?.boost, MAX_BOOSTS);
  checkFilterSize(query?.filter);
}

function checkLength(path: string, list: unknown, most: number): void {
  if (!Array.isArray(list) || list.length <= most) return;
  const message = `expected at most ${most} items, got ${list.length}`;
  throw new ConfigurationError(`search: ${path}: ${message}`, { issues: [{ path, message }] });
}
