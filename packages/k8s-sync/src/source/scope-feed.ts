import { BinnacleError, type CallOptions, type Document } from "@binnacle/core";
import { identityOf, type KubernetesObject } from "../objects/kubernetes-object.ts";
import type { ChangeQueue } from "../queue/change-queue.ts";
import type { ScopeMarker } from "../queue/scope-queue.ts";
import type { ReflectorSink } from "../reflector/reflector-sink.ts";
import { formatCheckpoint } from "./checkpoint.ts";
import type { ObjectDocuments, ObjectReference } from "./object-documents.ts";
import { ScopeState, type ScopeStatus } from "./scope-state.ts";
import type { ClusterScope } from "./scopes.ts";

/** Options of {@link ScopeFeed}. */
export interface ScopeFeedOptions {
  readonly scope: ClusterScope;
  readonly clusterUid: string;
  readonly queue: ChangeQueue;
  readonly documents: ObjectDocuments;
  readonly now: () => number;
  /** Reads a document for the indexer, also after the run. */
  readonly load: (reference: ObjectReference, options?: CallOptions) => Promise<Document | undefined>;
  /** Called for each object that is new, has changed or is gone. */
  readonly onObject: (scope: ClusterScope) => void;
}

interface Known {
  readonly version: string;
  readonly listing: number;
}

/**
 * Turns what a reflector learns about a scope into the changes of a source. It remembers one hash per object
 * and drops changes that do not change the document.
 */
export class ScopeFeed implements ReflectorSink {
  readonly #options: ScopeFeedOptions;
  readonly #state: ScopeState = new ScopeState();
  readonly #known: Map<string, Known> = new Map();
  #listing = 0;
  #resourceVersion: string | undefined;

  constructor(options: ScopeFeedOptions) {
    this.#options = options;
  }

  get status(): ScopeStatus {
    return { scope: this.#scope, ...this.#state.snapshot, objects: this.#known.size };
  }

  started(): void {
    this.#listing += 1;
    this.#state.listing();
    this.#mark({ type: "listing", scope: this.#scope, state: "started" });
  }

  listed(object: KubernetesObject): void {
    this.#show(object, true);
  }

  changed(object: KubernetesObject): void {
    this.#state.event(this.#options.now());
    this.#show(object, false);
    this.#options.onObject(this.#options.scope);
  }

  removed(object: KubernetesObject): void {
    this.#state.event(this.#options.now());
    this.#remove(this.#options.documents.idOf(object, this.#options.scope.type));
    this.#options.onObject(this.#options.scope);
  }

  complete(resourceVersion: string, asOf: number): void {
    for (const [id, { listing }] of this.#known) if (listing !== this.#listing) this.#known.delete(id);
    this.#resourceVersion = resourceVersion;
    this.#mark({ type: "listing", scope: this.#scope, state: "complete" });
    this.#state.complete();
    this.#checkpoint(resourceVersion, asOf);
  }

  aborted(error: BinnacleError): void {
    this.#mark({ type: "listing", scope: this.#scope, state: "aborted", error });
  }

  position(resourceVersion: string): void {
    this.#resourceVersion = resourceVersion;
  }

  current(asOf: number): void {
    this.#state.current(asOf);
    if (this.#resourceVersion !== undefined) this.#checkpoint(this.#resourceVersion, asOf);
    this.#options.queue.update(this.#scope, (queue) =>
      queue.state({ type: "current", scope: this.#scope, asOf }),
    );
  }

  degraded(error: BinnacleError): void {
    this.#state.degraded(error);
    this.#mark({ type: "degraded", scope: this.#scope, error });
  }

  room(signal: AbortSignal): Promise<void> {
    return this.#options.queue.room(signal);
  }

  get #scope(): string {
    return this.#options.scope.name;
  }

  #show(object: KubernetesObject, isListed: boolean): void {
    const { documents, queue, load } = this.#options;
    const { type } = this.#options.scope;
    const documentId = documents.idOf(object, type);
    try {
      const described = documents.describe(object, type);
      if (described === undefined) return isListed ? undefined : this.#remove(documentId);
      const { version } = described;
      const isSame = this.#known.get(documentId)?.version === version;
      this.#known.set(documentId, { version, listing: this.#listing });
      if (isSame && !isListed) return;
      if (!isSame) documents.keep(described);
      const { namespace, name } = identityOf(object);
      const reference = { documentId, version, type, namespace, name };
      const scope = this.#scope;
      const upsert = {
        type: "upsert",
        documentId,
        scope,
        version,
        load: (o?: CallOptions) => load(reference, o),
      } as const;
      queue.update(scope, (pending) => pending.put(upsert));
    } catch (cause) {
      this.#unreadable(documentId, cause);
    }
  }

  #remove(documentId: string): void {
    this.#known.delete(documentId);
    this.#options.documents.forget(documentId);
    const change = { type: "remove", documentId, scope: this.#scope } as const;
    this.#options.queue.update(this.#scope, (queue) => queue.put(change));
  }

  #unreadable(documentId: string, cause: unknown): void {
    this.#known.delete(documentId);
    // Without the cause's message, which may quote the object.
    const name = cause instanceof Error ? cause.name : typeof cause;
    const message = `${documentId} of ${this.#scope} cannot be described (${name}). Its last document stays. Report the object's shape as a bug.`;
    const error = new BinnacleError("undescribable_object", message);
    const change = { type: "unreadable", documentId, scope: this.#scope, error } as const;
    this.#options.queue.update(this.#scope, (queue) => queue.put(change));
  }

  #checkpoint(resourceVersion: string, asOf: number): void {
    const { clusterUid, scope } = this.#options;
    const resume = formatCheckpoint({ resourceVersion, asOf }, { clusterUid, digest: scope.digest });
    this.#options.queue.update(this.#scope, (queue) =>
      queue.state({ type: "checkpoint", scope: this.#scope, resume }),
    );
  }

  #mark(change: ScopeMarker): void {
    this.#options.queue.update(this.#scope, (queue) => queue.mark(change));
  }
}
