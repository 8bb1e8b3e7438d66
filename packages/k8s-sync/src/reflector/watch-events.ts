import { InvalidResponseError, type BinnacleError } from "@binnacle/core";
import { isPlainObject, readJsonLines } from "@binnacle/core/kit";
import { parseStatus, watchFailure } from "../cluster/status-error.ts";
import { isKubernetesObject, type KubernetesObject } from "../objects/kubernetes-object.ts";

/** One event of a watch. */
export type WatchEvent =
  | {
      readonly type: "ADDED" | "MODIFIED" | "DELETED";
      readonly object: KubernetesObject;
      readonly resourceVersion: string;
    }
  | { readonly type: "BOOKMARK"; readonly resourceVersion: string; readonly endsInitialEvents: boolean };

// etcd takes objects up to 1.5 MB, and a server may be configured for more.
const maxLineBytes = 64 * 2 ** 20;

/** Reads the events of a watch. Throws the server's own error for an ERROR event. `path` names the watch in
 * errors. */
export async function* readWatchEvents(
  body: AsyncIterable<Uint8Array>,
  path: string,
): AsyncGenerator<WatchEvent, void, void> {
  for await (const line of readJsonLines(body, { maxLineBytes })) {
    const event = isPlainObject(line) ? line : {};
    const { type, object } = event;
    if (type === "ERROR") throw watchFailure(path, parseStatus(object));
    const metadata = isPlainObject(object) && isPlainObject(object["metadata"]) ? object["metadata"] : {};
    const resourceVersion = metadata["resourceVersion"];
    if (typeof resourceVersion !== "string") throw unreadable(path, type);
    if (type === "BOOKMARK") {
      const annotations = isPlainObject(metadata["annotations"]) ? metadata["annotations"] : {};
      const endsInitialEvents = annotations["k8s.io/initial-events-end"] === "true";
      yield { type, resourceVersion, endsInitialEvents };
    } else if (type === "ADDED" || type === "MODIFIED" || type === "DELETED") {
      if (!isKubernetesObject(object)) throw unreadable(path, type);
      yield { type, object, resourceVersion };
    }
    // New types of events may appear. Their versions come again in the next bookmark.
  }
}

function unreadable(path: string, type: unknown): BinnacleError {
  return new InvalidResponseError(
    `GET ${path}: an event of type ${String(type)} holds no object with a name and a version.`,
  );
}
