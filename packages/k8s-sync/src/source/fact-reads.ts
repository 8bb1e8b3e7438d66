import { BinnacleError } from "@binnacle/core";
import { abortable, createLimiter } from "@binnacle/core/kit";
import { parseObjectKey, type ObjectName } from "../objects/object-key.ts";
import type { ObjectDocuments } from "./object-documents.ts";
import type { ScopeFeed } from "./scope-feed.ts";
import type { ClusterScope } from "./scopes.ts";
import type { KubernetesSourceEvent } from "./source-event.ts";

/** Options of {@link FactReads}. */
export interface FactReadsOptions {
  readonly documents: ObjectDocuments;
  /** Returns the scope of an object. Undefined if the object needs no read. */
  readonly scopeOf: (
    name: ObjectName,
  ) => { readonly scope: ClusterScope; readonly feed: ScopeFeed; readonly stop: AbortController } | undefined;
  readonly onEvent: (event: KubernetesSourceEvent) => void;
  readonly signal: AbortSignal;
}

/** Reads the objects of resumed scopes whose documents have new facts, because a resumed scope shows only
 * objects that change. At most 1,000 objects wait. Facts of more objects are reported as unread. */
export class FactReads {
  readonly #options: FactReadsOptions;
  readonly #limiter = createLimiter({ limit: 4, maxWaiting: 1_000 });
  readonly #wanted: Set<string> = new Set();
  readonly #begun = Promise.withResolvers<void>();

  constructor(options: FactReadsOptions) {
    this.#options = options;
  }

  /** Starts to read. Before, the facts of the first lists are not complete. */
  begin(): void {
    this.#begun.resolve();
  }

  /** Reads the object with the key, once for all facts that come meanwhile. */
  want(key: string): void {
    const { scopeOf, documents, onEvent } = this.#options;
    const name = parseObjectKey(key);
    const owner = name === undefined ? undefined : scopeOf(name);
    if (name === undefined || owner === undefined || this.#wanted.has(key)) return;
    this.#wanted.add(key);
    const signal = AbortSignal.any([this.#options.signal, owner.stop.signal]);
    const read = async (): Promise<void> => {
      await abortable(this.#begun.promise, signal);
      await owner.feed.take(() => documents.read(owner.scope.type, name, { signal }));
    };
    void this.#limiter
      .run(read, { signal })
      .catch((error: unknown) => {
        // The facts come with the object's next change or list.
        if (BinnacleError.isInstance(error)) onEvent({ type: "facts-unread", key, error });
      })
      .finally(() => this.#wanted.delete(key));
  }
}
