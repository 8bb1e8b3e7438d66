import {
  BinnacleError,
  type CallOptions,
  type ChangesOptions,
  type Document,
  type DocumentSource,
  type SourceChange,
} from "@binnacle/core";
import { callOptionsFields, createDeadline, parseOptions } from "@binnacle/core/kit";
import { z } from "zod";
import { createClusterClient, type ClusterClient } from "../cluster/cluster-client.ts";
import { ClusterRun } from "./cluster-run.ts";
import {
  parseKubernetesSourceOptions,
  type KubernetesSourceOptions,
  type KubernetesSourceSettings,
} from "./kubernetes-source-options.ts";
import { ObjectDocuments, type ObjectReference } from "./object-documents.ts";
import type { ScopeStatus } from "./scope-state.ts";

/** A live Kubernetes cluster as a source of documents. */
export interface KubernetesSource extends DocumentSource {
  /** How well the source keeps up with each scope. Empty before the first read of {@link DocumentSource.changes}.
   * With several readers it describes the latest. */
  status(): readonly ScopeStatus[];
  close(): Promise<void>;
}

const changesSchema = z.strictObject({
  ...callOptionsFields,
  follow: z.boolean(),
  resume: z.map(z.string(), z.string()).optional(),
});

/**
 * Creates a source for the objects of a cluster, without I/O. It lists and watches every selected type, and
 * resumes each from its checkpoint. Each object becomes one redacted document whose version is a hash of its
 * content, so that changes that tick, such as heartbeats, cost nothing. Checkpoints count only if the
 * credentials may read the namespace `kube-system`, whose uid identifies the cluster. Otherwise each start
 * lists every type.
 *
 * A type that may not be listed is reported as degraded and stops no other type. The first pull rejects if the
 * options do not fit the cluster, with code `unknown_kind`, `unknown_namespace` or `other_cluster`. A read
 * without `follow` rejects with `no_rights` if no type at all may be listed.
 */
export function createKubernetesSource(options: KubernetesSourceOptions): KubernetesSource {
  return new ClusterSource(parseKubernetesSourceOptions(options));
}

class ClusterSource implements KubernetesSource {
  readonly id: string;
  readonly #settings: KubernetesSourceSettings;
  readonly #client: ClusterClient;
  readonly #documents: ObjectDocuments;
  readonly #closing: AbortController = new AbortController();
  #run: ClusterRun | undefined;

  constructor(settings: KubernetesSourceSettings) {
    const { cluster, access, clock, maxPendingBytes: maxBytes, redaction, replicas, onEvent } = settings;
    this.id = cluster;
    this.#settings = settings;
    this.#client = createClusterClient(access, clock);
    this.#documents = new ObjectDocuments({
      cluster,
      client: this.#client,
      maxBytes,
      clock,
      redaction,
      replicas,
      selection: settings,
      volatileFields: settings.volatileFields,
      onVolatile: ({ type, path }) => onEvent({ type: "field-left-out", resource: type, path }),
    });
  }

  changes(options: ChangesOptions): AsyncGenerator<SourceChange, void, undefined> {
    parseOptions("KubernetesSource.changes", changesSchema, options);
    return this.#changes(options);
  }

  status(): readonly ScopeStatus[] {
    return this.#run?.status ?? [];
  }

  async close(): Promise<void> {
    this.#closing.abort(closedError());
    await this.#client.close();
  }

  async *#changes({
    follow,
    resume,
    ...call
  }: ChangesOptions): AsyncGenerator<SourceChange, void, undefined> {
    const deadline = createDeadline({ label: `KubernetesSource: ${this.id}`, ...call });
    const signal = AbortSignal.any([deadline.signal, this.#closing.signal]);
    try {
      signal.throwIfAborted();
      const run = new ClusterRun({
        settings: this.#settings,
        client: this.#client,
        documents: this.#documents,
        load: (reference, options) => this.#load(reference, options),
        follow,
        resume: resume ?? new Map(),
        signal,
      });
      this.#run = run;
      yield* run.changes();
      signal.throwIfAborted();
    } finally {
      deadline[Symbol.dispose]();
    }
  }

  async #load(reference: ObjectReference, options?: CallOptions): Promise<Document | undefined> {
    this.#closing.signal.throwIfAborted();
    options?.signal?.throwIfAborted();
    return await this.#documents.load(reference, options);
  }
}

function closedError(): BinnacleError {
  return new BinnacleError("closed", "The source is closed. Create a new one.");
}
