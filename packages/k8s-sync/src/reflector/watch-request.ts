import type { HttpRequest } from "@binnacle/core/kit";
import type { CollectionQuery } from "./list-pages.ts";

/**
 * Returns the request for a watch from a position. Without a position the server sends all objects first. The
 * server ends the watch after 240 to 300 seconds, at random, so that watches that began together end apart.
 */
export function watchRequest(
  { path, labelSelector, fieldSelector }: CollectionQuery,
  position: string | undefined,
  random: () => number,
): HttpRequest {
  const start =
    position === undefined
      ? { sendInitialEvents: true, resourceVersionMatch: "NotOlderThan" }
      : { resourceVersion: position };
  const timeoutSeconds = 240 + Math.floor(60 * random());
  const query = {
    watch: true,
    allowWatchBookmarks: true,
    timeoutSeconds,
    ...start,
    labelSelector,
    fieldSelector,
  };
  return { path, query };
}
