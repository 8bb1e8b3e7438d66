import { BinnacleError, type CallOptions } from "@binnacle/core";
import type { FoldedFacts } from "../folding/create-fold-book.ts";
import type { FoldedObject } from "../folding/folded-fact.ts";
import { identityOf, type KubernetesObject } from "../objects/kubernetes-object.ts";
import { objectKey } from "../objects/object-key.ts";
import type { ScopeMarker } from "../queue/scope-queue.ts";
import type { ReflectorSink } from "../reflector/reflector-sink.ts";
import { documentVersion, type ReadDocument } from "../rendering/create-object-describer.ts";
import { formatCheckpoint } from "./checkpoint.ts";
import type { FoldingFeed } from "./folded-objects.ts";
import type { InventoryObject } from "../reader/cluster-reader.ts";
import { measureDrift, type ScopeDrift } from "./scope-drift.ts";
import type { ScopeFeedOptions } from "./scope-feed-options.ts";
import { ScopeState, type ScopeStatus } from "./scope-state.ts";

/** The facts that are remembered of an object. There may be 100,000 of them. */
interface Known {
  /** See `objectKey`. */
  readonly key: string;
  /** Hash of the object's own content. Empty if other documents tell the object. */
  readonly hash: string;
  /** Version of its document: its hash and the facts that are folded into it. */
  readonly version: string;
  /** Version of the object that was seen last. */
  readonly resourceVersion: string;
  readonly listing: number;
}

/**
 * Turns what a reflector learns about a scope into the changes of a source. It remembers one hash per object
 * and drops changes that do not change the document.
 */
export class ScopeFeed implements ReflectorSink, FoldingFeed {
  readonly #options: ScopeFeedOptions;
  readonly #state: ScopeState = new ScopeState();
  readonly #known: Map<string, Known> = new Map();
  readonly #first = Promise.withResolvers<void>();
  /** The documents that were shown or removed while each read is under way. */
  readonly #reads: Set<Set<string>> = new Set();
  /** Objects without any document, such as a Helm release in a ConfigMap. */
  readonly #unread: Set<string> = new Set();
  /** The documents that tell other objects. */
  readonly #telling: Set<string> = new Set();
  #listing = 0;
  #resourceVersion: string | undefined;

  constructor(options: ScopeFeedOptions) {
    this.#options = options;
  }

  /** Resolves after the first list, or as soon as the list is known to be impossible for now. */
  get first(): Promise<void> {
    return this.#first.promise;
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
    const documentId = this.#heard(object);
    const known = this.#known.get(documentId);
    this.#unread.delete(documentId);
    if (known !== undefined) this.#forget(documentId, known);
    if (known?.hash !== "") this.#remove(documentId);
    this.#options.onObject(this.#options.scope);
  }

  /** Shows an object that is read outside the watch. An answer that is older than the watch's news is dropped. */
  async take(read: () => Promise<KubernetesObject | undefined>): Promise<void> {
    const { documents, scope } = this.#options;
    const [heard, listing] = [new Set<string>(), this.#listing];
    this.#reads.add(heard);
    try {
      const object = await read();
      if (object === undefined || heard.has(documents.idOf(object, scope.type))) return;
      // A list that began meanwhile shows the object itself, or shows that it is gone.
      if (listing === this.#listing) this.#show(object, false);
    } finally {
      this.#reads.delete(heard);
    }
  }

  /** Compares what was shown with a list of metadata. Undefined if the scope is listed meanwhile. */
  async compare(
    list: () => Promise<readonly InventoryObject[]>,
    settle: () => Promise<void>,
  ): Promise<ScopeDrift | undefined> {
    const [heard, listing, checkedAt] = [new Set<string>(), this.#listing, this.#options.now()];
    this.#reads.add(heard);
    try {
      const listed = await list();
      await settle();
      if (listing !== this.#listing || this.#state.snapshot.state !== "watching") return undefined;
      const parts = {
        listed,
        seen: this.#known,
        unread: this.#unread,
        heard,
        isWhole: listing > 0,
        checkedAt,
      };
      const drift = measureDrift(parts);
      this.#state.drift(drift);
      return drift;
    } finally {
      this.#reads.delete(heard);
    }
  }

  complete(resourceVersion: string, asOf: number): void {
    for (const [id, known] of this.#known) if (known.listing !== this.#listing) this.#forget(id, known);
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
    this.#first.resolve();
    this.#state.current(asOf);
    if (this.#resourceVersion !== undefined) this.#checkpoint(this.#resourceVersion, asOf);
    this.#options.queue.update(this.#scope, (queue) =>
      queue.state({ type: "current", scope: this.#scope, asOf }),
    );
  }

  degraded(error: BinnacleError): void {
    this.#first.resolve();
    this.#state.degraded(error);
    this.#mark({ type: "degraded", scope: this.#scope, error });
  }

  room(signal: AbortSignal): Promise<void> {
    return this.#options.queue.room(signal);
  }

  get #scope(): string {
    return this.#options.scope.name;
  }

  /** Reports a document again if the facts that are folded into it have changed. */
  refold(documentId: string): void {
    const known = this.#known.get(documentId);
    if (known === undefined || known.hash === "") return;
    const version = documentVersion(known.hash, this.#options.folds.factsOf(known.key));
    if (version === known.version) return;
    this.#known.set(documentId, { ...known, version });
    this.#noteFacts(documentId, { ...known, version });
    this.#upsert(documentId, { ...known, version });
  }

  #show(object: KubernetesObject, isListed: boolean): void {
    const { documents, scope } = this.#options;
    const documentId = this.#heard(object);
    try {
      const found = documents.inspect(object, scope.type);
      if (found.type === "document") return this.#showDocument(documentId, object, found, isListed);
      this.#withdraw(documentId, isListed);
      if (found.type === "unread") this.#unread.add(documentId);
      if (found.type === "folded") this.#fold(documentId, object, found.folded);
    } catch (cause) {
      this.#unreadable(documentId, cause);
    }
  }

  #heard(object: KubernetesObject): string {
    const documentId = this.#options.documents.idOf(object, this.#options.scope.type);
    for (const read of this.#reads) read.add(documentId);
    return documentId;
  }

  #showDocument(documentId: string, object: KubernetesObject, found: ReadDocument, isListed: boolean): void {
    const { documents, folds } = this.#options;
    const before = this.#known.get(documentId);
    if (before?.hash === "") folds.remove(documentId); // its controller let it go
    const key = before?.key ?? this.#keyOf(object);
    const { hash } = found;
    const version = documentVersion(hash, folds.factsOf(key));
    const { resourceVersion } = found.observed;
    const known = { key, hash, version, resourceVersion, listing: this.#listing };
    this.#known.set(documentId, known);
    if (before === undefined) folds.own(key, { feed: this, documentId });
    this.#noteFacts(documentId, known);
    const isSame = before?.version === version;
    if (isSame && !isListed) return;
    if (!isSame) documents.keep(documentId, found);
    this.#upsert(documentId, known, isSame ? 0 : found.json.length);
  }

  #fold(documentId: string, object: KubernetesObject, folded: FoldedObject): void {
    const key = this.#known.get(documentId)?.key ?? this.#keyOf(object);
    const { resourceVersion } = identityOf(object);
    this.#known.set(documentId, { key, hash: "", version: "", resourceVersion, listing: this.#listing });
    this.#options.folds.put(documentId, folded, key);
  }

  /** Takes back the document of an object that has none any more. */
  #withdraw(documentId: string, isListed: boolean): void {
    const known = this.#known.get(documentId);
    if (known === undefined || known.hash === "") {
      // A resumed scope may hold a document of it, which a listing would not show.
      if (!isListed && known === undefined) this.#remove(documentId);
      return;
    }
    this.#forget(documentId, known);
    this.#remove(documentId);
  }

  #forget(documentId: string, known: Known): void {
    const { folds, documents } = this.#options;
    this.#known.delete(documentId);
    this.#telling.delete(documentId);
    documents.forget(documentId);
    if (known.hash === "") folds.remove(documentId);
    else folds.disown(known.key, documentId);
  }

  #upsert(documentId: string, { key, version }: Known, keptBytes = 0): void {
    const { queue, load, scope, folds } = this.#options;
    const facts = (): FoldedFacts | undefined => folds.factsOf(key);
    const reference = { documentId, version, type: scope.type, key, facts };
    const change = {
      type: "upsert",
      documentId,
      scope: scope.name,
      version,
      load: (options?: CallOptions) => load(reference, options),
    } as const;
    queue.update(scope.name, (pending) => pending.put(change, keptBytes));
  }

  #remove(documentId: string): void {
    const change = { type: "remove", documentId, scope: this.#scope } as const;
    this.#options.queue.update(this.#scope, (queue) => queue.put(change));
  }

  #keyOf(object: KubernetesObject): string {
    const { group, kind } = this.#options.scope.type;
    const { namespace, name } = identityOf(object);
    return objectKey({ group, kind, namespace, name });
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

  /** Notes if a document tells other objects. The first such document withdraws the scope's checkpoint. */
  #noteFacts(documentId: string, { hash, version }: Known): void {
    const isFirst = this.#telling.size === 0 && version !== hash;
    if (version === hash) this.#telling.delete(documentId);
    else this.#telling.add(documentId);
    if (isFirst) this.#checkpoint("", this.#state.snapshot.asOf ?? 0);
  }

  #checkpoint(position: string, asOf: number): void {
    const { clusterUid, scope } = this.#options;
    // A position does not say which facts vanish later. So the next run lists the scope.
    const resourceVersion = this.#telling.size === 0 ? position : "";
    const resume = formatCheckpoint({ resourceVersion, asOf }, { clusterUid, digest: scope.digest });
    this.#options.queue.update(this.#scope, (queue) =>
      queue.state({ type: "checkpoint", scope: this.#scope, resume }),
    );
  }

  #mark(change: ScopeMarker): void {
    this.#options.queue.update(this.#scope, (queue) => queue.mark(change));
  }
}
