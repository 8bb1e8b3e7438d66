import { BinnacleError, RequestError, type CallOptions, type Document } from "@binnacle/core";
import type { ClusterClient } from "../cluster/cluster-client.ts";
import { resourcePath } from "../cluster/resource-path.ts";
import { identityOf, isKubernetesObject, type KubernetesObject } from "../objects/kubernetes-object.ts";
import type { ResourceType } from "../objects/resource-type.ts";
import { RecentDocuments } from "../queue/recent-documents.ts";
import { createObjectDescriber, type ObjectDescriber } from "../rendering/create-object-describer.ts";

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
  readonly namespace: string;
  readonly name: string;
}

/** Options of {@link ObjectDocuments}. */
export interface ObjectDocumentsOptions {
  readonly cluster: string;
  readonly client: ClusterClient;
  readonly maxBytes: number;
}

/** Makes documents from objects and reads them again when the indexer wants them later. */
export class ObjectDocuments {
  readonly #options: ObjectDocumentsOptions;
  readonly #recent: RecentDocuments;
  readonly #describer: ObjectDescriber;

  constructor(options: ObjectDocumentsOptions) {
    this.#options = options;
    this.#recent = new RecentDocuments(options.maxBytes);
    this.#describer = createObjectDescriber({ cluster: options.cluster, replicas: "own" });
  }

  /** Returns the id of the object's document: cluster and uid, so that a recreated object is a new
   * document. */
  idOf(object: KubernetesObject, type: ResourceType): string {
    const { uid, namespace, name } = identityOf(object);
    // A few extension servers assign no uid.
    const identity = uid === "" ? [type.group, type.plural, namespace, name].join("/") : uid;
    return `${this.#options.cluster}/${identity}`;
  }

  /** Describes an object. Undefined if the object is not indexed. */
  describe(object: KubernetesObject, type: ResourceType): ObjectDocument | undefined {
    const described = this.#describer.describe(object, type);
    if (described === undefined) return undefined;
    const { title, text, mediaType, metadata, contentHash, observed } = described;
    const id = this.idOf(object, type);
    return { version: contentHash, document: { id, title, text, mediaType, metadata, observed } };
  }

  /** Keeps a document for the `load` that probably follows. */
  keep({ version, document }: ObjectDocument): void {
    this.#recent.put(version, document);
  }

  forget(documentId: string): void {
    this.#recent.delete(documentId);
  }

  /** Returns the document, or reads its object again. Undefined if the object is gone. */
  async load(reference: ObjectReference, options: CallOptions = {}): Promise<Document | undefined> {
    const { documentId, version, type, namespace, name } = reference;
    const recent = this.#recent.get(documentId, version);
    if (recent !== undefined) return recent;
    const object = await this.read(resourcePath(type, namespace, name), options);
    if (object === undefined || this.idOf(object, type) !== documentId) return undefined;
    const described = this.describe(object, type);
    if (described === undefined) return undefined;
    if (described.version === version) return described.document;
    // The newer content must not be stored under the older version, because the object may go back to it.
    throw new BinnacleError(
      "object_changed",
      `${type.kind} ${namespace}/${name} changed before it was read. The watch reports its new state.`,
      { retryable: true },
    );
  }

  /** Reads the object at a path. Undefined if it does not exist. */
  async read(path: string, options: CallOptions): Promise<KubernetesObject | undefined> {
    try {
      const object = await this.#options.client.json({ path }, options);
      return isKubernetesObject(object) ? object : undefined;
    } catch (error) {
      if (RequestError.isInstance(error) && error.status === 404) return undefined;
      throw error;
    }
  }
}
