import { BinnacleError, RequestError, type CallOptions, type Document } from "@binnacle/core";
import type { Clock } from "@binnacle/core/kit";
import type { ClusterClient } from "../cluster/cluster-client.ts";
import { resourcePath } from "../cluster/resource-path.ts";
import type { FoldedFacts } from "../folding/create-fold-book.ts";
import { identityOf, isKubernetesObject, type KubernetesObject } from "../objects/kubernetes-object.ts";
import { objectKey, parseObjectKey, type ObjectName } from "../objects/object-key.ts";
import type { ResourceType } from "../objects/resource-type.ts";
import type { InventoryObject } from "../reader/cluster-reader.ts";
import { RecentObjects } from "../queue/recent-objects.ts";
import { listPage } from "../reflector/list-pages.ts";
import type { RedactionOptions } from "../redaction/redaction-options.ts";
import {
  createObjectDescriber,
  documentVersion,
  type DescriberOptions,
  type ObjectDescriber,
  type ReadDocument,
  type ReadObject,
} from "../rendering/create-object-describer.ts";
import type { KubernetesSourceSettings } from "./kubernetes-source-options.ts";

/** An object as a document, and the version of its content. */
export interface ObjectDocument {
  readonly document: Document;
  readonly version: string;
}

/** The names with which an object is read again. */
export interface ObjectReference {
  readonly documentId: string;
  readonly version: string;
  readonly type: ResourceType;
  /** See `objectKey`. */
  readonly key: string;
  /** Returns the facts that are folded into the document now. */
  readonly facts: () => FoldedFacts | undefined;
}

/** Options of {@link ObjectDocuments}. */
export interface ObjectDocumentsOptions {
  readonly cluster: string;
  readonly client: ClusterClient;
  readonly maxBytes: number;
  readonly clock: Clock;
  readonly redaction: RedactionOptions;
  readonly replicas: DescriberOptions["replicas"];
  /** The namespaces and labels outside which no object is read. */
  readonly selection: Pick<KubernetesSourceSettings, "namespaces" | "labelSelector">;
  readonly volatileFields?: DescriberOptions["volatileFields"];
  readonly onVolatile?: DescriberOptions["onVolatile"];
}

/** Makes documents from objects and reads the objects again when the indexer wants them later. */
export class ObjectDocuments {
  readonly #cluster: string;
  readonly #client: ClusterClient;
  readonly #selection: ObjectDocumentsOptions["selection"];
  readonly #recent: RecentObjects;
  readonly #describer: ObjectDescriber;

  constructor(options: ObjectDocumentsOptions) {
    const { cluster, client, maxBytes, clock, redaction, replicas, selection } = options;
    const { volatileFields, onVolatile } = options;
    this.#cluster = cluster;
    this.#client = client;
    this.#selection = selection;
    this.#recent = new RecentObjects(maxBytes, clock);
    this.#describer = createObjectDescriber({ cluster, replicas, volatileFields, onVolatile, ...redaction });
  }

  /** Returns the id of the object's document: cluster and uid, so that a recreated object is a new
   * document. */
  idOf(object: KubernetesObject, type: ResourceType): string {
    const { uid, namespace, name } = identityOf(object);
    // A few extension servers assign no uid.
    const identity = uid === "" ? [type.group, type.plural, namespace, name].join("/") : uid;
    return `${this.#cluster}/${identity}`;
  }

  /** Returns the id, the key and the version of an object, of which only the metadata is needed. */
  identify(object: KubernetesObject, type: ResourceType): InventoryObject {
    const { namespace, name, resourceVersion } = identityOf(object);
    const key = objectKey({ group: type.group, kind: type.kind, namespace, name });
    return { documentId: this.idOf(object, type), key, resourceVersion };
  }

  /** Redacts an object and hashes the rest, without rendering. */
  inspect(object: KubernetesObject, type: ResourceType): ReadObject {
    return this.#describer.read(bare(object), type);
  }

  /** Keeps a redacted object for the `load` that probably follows. */
  keep(documentId: string, document: ReadDocument): void {
    this.#recent.put(documentId, document);
  }

  forget(documentId: string): void {
    this.#recent.delete(documentId);
  }

  /** Renders the document, from the object that was just read or from the server. Undefined if the object is
   * gone. */
  async load(reference: ObjectReference, options: CallOptions = {}): Promise<Document | undefined> {
    const { documentId, version, type, key } = reference;
    const recent = this.#recent.take(documentId);
    const facts = recent === undefined ? undefined : reference.facts();
    if (recent !== undefined && documentVersion(recent.hash, facts) === version)
      return this.#render(documentId, recent, type, facts).document;
    const { namespace = "", name = "" } = parseObjectKey(key) ?? {};
    const object = await this.read(type, { namespace, name }, options);
    if (object === undefined || this.idOf(object, type) !== documentId) return undefined;
    const described = this.describe(object, type, reference.facts());
    if (described === undefined || described.version === version) return described?.document;
    // The newer content must not be stored under the older version, because the object may go back to it.
    throw new BinnacleError(
      "object_changed",
      `${key} changed before it was read. The watch reports its new state.`,
      { retryable: true },
    );
  }

  /** Reads one object. Undefined if it does not exist, or if the options do not select it. */
  async read(
    type: ResourceType,
    { namespace, name }: Pick<ObjectName, "namespace" | "name">,
    options: CallOptions,
  ): Promise<KubernetesObject | undefined> {
    const { namespaces, labelSelector } = this.#selection;
    const { include, exclude } = namespaces;
    const isLeftOut = include === undefined ? exclude.includes(namespace) : !include.includes(namespace);
    if (namespace !== "" && isLeftOut) return undefined;
    if (labelSelector !== undefined) {
      // A single read has no selector. The labels may have changed since the watch told the object.
      const fieldSelector = `metadata.name=${name}`;
      const query = { path: resourcePath(type, namespace), labelSelector, fieldSelector };
      return (await listPage(this.#client, query, { ...options, limit: 1 })).objects[0];
    }
    try {
      const object = await this.#client.json({ path: resourcePath(type, namespace, name) }, options);
      return isKubernetesObject(object) ? object : undefined;
    } catch (error) {
      if (RequestError.isInstance(error) && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Renders an object. Undefined if it has no document of its own. */
  describe(object: KubernetesObject, type: ResourceType, facts?: FoldedFacts): ObjectDocument | undefined {
    const found = this.inspect(object, type);
    return found.type === "document" ? this.#render(this.idOf(object, type), found, type, facts) : undefined;
  }

  /** Returns the versions that an object's document may have, see `ObjectDescriber.hashes`. */
  versionsOf(object: KubernetesObject, type: ResourceType): readonly string[] {
    return this.#describer.hashes(bare(object), type);
  }

  #render(
    id: string,
    read: ReadDocument,
    type: ResourceType,
    facts: FoldedFacts | undefined,
  ): ObjectDocument {
    const described = this.#describer.render(read, type, facts);
    const { title, text, mediaType, contentHash, observed } = described;
    const metadata = Object.fromEntries(
      Object.entries(described.metadata).filter(([, value]) => value !== undefined),
    );
    return { version: contentHash, document: { id, title, text, mediaType, metadata, observed } };
  }
}

/** Drops the two fields that watches and single reads have, and lists of built-in types do not. Otherwise the
 * same object would have two hashes. */
function bare({ kind: _kind, apiVersion: _apiVersion, ...object }: KubernetesObject): KubernetesObject {
  return object;
}
