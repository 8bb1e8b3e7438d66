import { BinnacleError, type CallOptions, type Document, type SourceChange } from "@binnacle/core";
import { abortable, createLimiter, sleep } from "@binnacle/core/kit";
import type { ClusterClient } from "../cluster/cluster-client.ts";
import type { ObjectName } from "../objects/object-key.ts";
import { ChangeQueue } from "../queue/change-queue.ts";
import { Reflector, type ReflectorOutcome } from "../reflector/reflector.ts";
import type { ReflectorSettings } from "../reflector/reflector-settings.ts";
import { parseCheckpoint } from "./checkpoint.ts";
import {
  checkCluster,
  checkNamespaces,
  readCatalog,
  readClusterUid,
  type ClusterCatalog,
} from "./cluster-catalog.ts";
import { checkDrift } from "./drift-checks.ts";
import { FactReads } from "./fact-reads.ts";
import { FoldedObjects } from "./folded-objects.ts";
import { foldingRank, isFolding } from "./folding-types.ts";
import type { KubernetesSourceSettings } from "./kubernetes-source-options.ts";
import type { ObjectDocuments, ObjectReference } from "./object-documents.ts";
import { ScopeFeed } from "./scope-feed.ts";
import { isGone, isUnsure, namespaceOf } from "./gone-scopes.ts";
import type { ScopeStatus } from "./scope-state.ts";
import type { ClusterScope } from "./scopes.ts";
import { whenAborted } from "./when-aborted.ts";

/** Options of {@link ClusterRun}. */
export interface ClusterRunOptions {
  readonly settings: KubernetesSourceSettings;
  readonly client: ClusterClient;
  readonly documents: ObjectDocuments;
  readonly load: (reference: ObjectReference, options?: CallOptions) => Promise<Document | undefined>;
  readonly follow: boolean;
  readonly resume: ReadonlyMap<string, string>;
  readonly signal: AbortSignal;
}

interface RunningScope {
  readonly scope: ClusterScope;
  readonly feed: ScopeFeed;
  readonly stop: AbortController;
  readonly relist: () => void;
  /** False: the scope was listed, so every object of it is known. */
  readonly isResumed: boolean;
  readonly done: Promise<ReflectorOutcome | "stopped">;
}

// Installing an operator changes many definitions at the same time.
const debounceMs = 1_000;
// These objects say that the types of the cluster have changed.
const definingTypes: ReadonlySet<string> = new Set([
  "customresourcedefinitions.apiextensions.k8s.io",
  "apiservices.apiregistration.k8s.io",
]);

/** One pass over a cluster: discovers its types, runs one reflector per scope, and yields their changes. */
export class ClusterRun {
  readonly #options: ClusterRunOptions;
  readonly #queue: ChangeQueue;
  readonly #stop: AbortController = new AbortController();
  readonly #signal: AbortSignal;
  readonly #running: Map<string, RunningScope> = new Map();
  readonly #shared: ReflectorSettings;
  readonly #folds = new FoldedObjects((key) => this.#factReads.want(key));
  readonly #factReads: FactReads;
  #clusterUid = "";
  #rediscovery = Promise.withResolvers<void>();

  constructor(options: ClusterRunOptions) {
    const { settings, client, signal } = options;
    this.#options = options;
    this.#queue = new ChangeQueue(settings.maxPendingBytes);
    this.#signal = AbortSignal.any([signal, this.#stop.signal]);
    this.#factReads = new FactReads({
      documents: options.documents,
      scopeOf: (name) => this.#resumedScopeOf(name),
      onEvent: settings.onEvent,
      signal: this.#signal,
    });
    this.#shared = {
      client,
      times: settings,
      lists: createLimiter({ limit: settings.listConcurrency, maxWaiting: Number.MAX_SAFE_INTEGER }),
      streaming: { isOffered: settings.streamedLists },
      clock: settings.clock,
      random: settings.random,
    };
  }

  /** How well each scope keeps up. */
  get status(): readonly ScopeStatus[] {
    return [...this.#running.values()].map(({ feed }) => feed.status);
  }

  async *changes(): AsyncGenerator<SourceChange, void, undefined> {
    const { signal, follow } = this.#options;
    try {
      const done = this.#begin(await this.#open());
      for (;;) {
        const change = this.#queue.take();
        signal.throwIfAborted();
        if (change !== undefined) yield change;
        else if (done.isDone) break;
        else await this.#queue.changed(this.#signal);
        signal.throwIfAborted();
      }
      if (!follow) await this.#checkRights();
    } finally {
      this.#stop.abort();
      await Promise.allSettled([...this.#running.values()].map(({ done }) => done));
    }
  }

  async #open(): Promise<ClusterCatalog> {
    const { client, settings, resume } = this.#options;
    const call = { signal: this.#signal };
    const [catalog, uid] = await Promise.all([
      readCatalog(client, settings, call),
      readClusterUid(client, call),
    ]);
    checkCluster(settings.cluster, uid, resume);
    checkNamespaces(catalog, resume.keys());
    this.#clusterUid = uid;
    return catalog;
  }

  /** Starts the reflectors. `isDone` becomes true once all have ended. */
  #begin(catalog: ClusterCatalog): { readonly isDone: boolean } {
    const { resume, follow } = this.#options;
    const state = { isDone: false };
    const gone = [...resume.keys()].filter((scope) => isGone(scope, catalog));
    const unsure = [...resume.keys()].filter((scope) => isUnsure(scope, catalog));
    const present = catalog.scopes.filter(({ name }) => !catalog.missingNamespaces.has(namespaceOf(name)));
    this.#queue.announce({ type: "scopes", scopes: [...present.map(({ name }) => name), ...unsure] });
    for (const scope of gone) this.#queue.announce({ type: "removed", scope });
    for (const scope of present) this.#startScope(scope, resume.get(scope.name));
    void this.#firstLists().then(() => this.#factReads.begin());
    this.#reportUnavailable(catalog);
    const ended = follow
      ? Promise.race([this.#rediscover(), this.#checkDrift()])
      : Promise.all([...this.#running.values()].map(({ done }) => done)).then(() => undefined);
    void ended.then(
      () => {
        state.isDone = true;
        this.#queue.wake();
      },
      (error: unknown) => this.#queue.fail(error),
    );
    return state;
  }

  #startScope(scope: ClusterScope, checkpoint: string | undefined): void {
    const { settings, documents, load, follow } = this.#options;
    const stop = new AbortController();
    const feed = new ScopeFeed({
      scope,
      clusterUid: this.#clusterUid,
      queue: this.#queue,
      documents,
      load,
      folds: this.#folds,
      now: () => settings.clock.now(),
      onObject: ({ name }) => {
        if (definingTypes.has(name)) this.#rediscovery.resolve();
      },
    });
    const mayResume = follow && checkpoint !== undefined && !isFolding(scope.type);
    const binding = { clusterUid: this.#clusterUid, digest: scope.digest };
    const resume = mayResume ? parseCheckpoint(checkpoint, binding) : undefined;
    const signal = AbortSignal.any([this.#signal, stop.signal]);
    const reflector = new Reflector({
      ...this.#shared,
      query: scope.query,
      sink: feed,
      follow,
      resume,
      onMissing: () => this.#rediscovery.resolve(),
      signal,
    });
    // A pod is known before its workload is described, so that the workload is described once.
    const turn = resume === undefined ? this.#firstLists(foldingRank(scope.type)) : Promise.resolve();
    const done = abortable(turn, signal)
      .then(() => reflector.run())
      .catch((error: unknown): "stopped" => {
        // A defect must not look like a quiet scope. The scopes that wait for this one must not wait for ever.
        if (!stop.signal.aborted && !this.#signal.aborted) this.#queue.fail(error);
        return "stopped";
      });
    const relist = (): void => reflector.relist();
    this.#running.set(scope.name, { scope, feed, stop, relist, isResumed: resume !== undefined, done });
  }

  /** Resolves after the first lists of the running scopes, or of those with a lower rank. */
  async #firstLists(below = Infinity): Promise<void> {
    const scopes = [...this.#running.values()].filter(({ scope }) => foldingRank(scope.type) < below);
    await Promise.all(scopes.map(({ feed }) => feed.first));
  }

  /** Returns the resumed scope that an object belongs to. A listed scope needs no read: it knows its objects. */
  #resumedScopeOf({ group, kind, namespace }: ObjectName): RunningScope | undefined {
    return [...this.#running.values()].find(
      ({ isResumed, scope: { type, namespace: only } }) =>
        isResumed && type.group === group && type.kind === kind && (only === undefined || only === namespace),
    );
  }

  /** Searches for new and vanished types until the signal fires. */
  async #rediscover(): Promise<void> {
    const { client, settings } = this.#options;
    const { clock, random, rediscoverMs } = settings;
    for (;;) {
      const waiting = new AbortController();
      const pause = sleep(rediscoverMs * (0.75 + random() / 2), { signal: waiting.signal, clock }).catch(
        () => undefined,
      );
      const stopped = whenAborted(this.#signal);
      await Promise.race([this.#rediscovery.promise, pause, stopped.promise]);
      stopped.release();
      waiting.abort();
      this.#signal.throwIfAborted();
      await sleep(debounceMs, { signal: this.#signal, clock });
      this.#rediscovery = Promise.withResolvers();
      try {
        await this.#apply(await readCatalog(client, settings, { signal: this.#signal }));
      } catch (error) {
        this.#signal.throwIfAborted();
        if (!BinnacleError.isInstance(error) || error.code === "closed") throw error;
        settings.onEvent({ type: "discovery-failed", error });
      }
    }
  }

  /** Compares each scope with the server until the signal fires. */
  #checkDrift(): Promise<never> {
    const { client, documents, settings } = this.#options;
    const scopes = (): Iterable<RunningScope> => this.#running.values();
    return checkDrift({
      ...settings,
      client,
      documents,
      lists: this.#shared.lists,
      scopes,
      signal: this.#signal,
    });
  }

  async #apply(catalog: ClusterCatalog): Promise<void> {
    const { settings } = this.#options;
    const served = new Map(catalog.scopes.map((scope) => [scope.name, scope]));
    const before = [...this.#running.keys()].join();
    for (const [name, running] of this.#running) {
      const scope = served.get(name);
      if (scope?.digest === running.scope.digest && !catalog.missingNamespaces.has(namespaceOf(name)))
        continue;
      if (scope === undefined && isUnsure(name, catalog)) continue;
      running.stop.abort();
      await running.done;
      this.#running.delete(name);
      if (scope !== undefined) continue; // it starts again below, in another version
      this.#queue.drop(name);
      this.#queue.announce({ type: "removed", scope: name });
      settings.onEvent({ type: "type-removed", scope: name });
    }
    for (const scope of catalog.scopes) {
      if (this.#running.has(scope.name) || catalog.missingNamespaces.has(namespaceOf(scope.name))) continue;
      this.#startScope(scope, undefined);
      settings.onEvent({ type: "type-added", scope: scope.name });
    }
    const names = [...this.#running.keys()];
    if (names.join() !== before) this.#queue.announce({ type: "scopes", scopes: names });
    this.#reportUnavailable(catalog);
  }

  #reportUnavailable({ unavailable }: ClusterCatalog): void {
    for (const each of unavailable) this.#options.settings.onEvent({ type: "api-unavailable", ...each });
  }

  /** Throws if the credentials may list no type at all. */
  async #checkRights(): Promise<void> {
    const outcomes = await Promise.all([...this.#running.values()].map(({ done }) => done));
    if (outcomes.length === 0 || outcomes.some((outcome) => outcome !== "forbidden")) return;
    throw new BinnacleError(
      "no_rights",
      `createKubernetesSource: the credentials for "${this.#options.settings.cluster}" may list none of ${outcomes.length} types. Bind a ClusterRole with get, list and watch.`,
    );
  }
}
