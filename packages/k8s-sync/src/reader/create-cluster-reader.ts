import { ConfigurationError, type CallOptions } from "@binnacle/core";
import { createLimiter, type Limiter } from "@binnacle/core/kit";
import { createClusterClient, type ClusterClient } from "../cluster/cluster-client.ts";
import { discoverTypes } from "../discovery/discover-types.ts";
import type { DiscoveredTypes } from "../discovery/discovered-types.ts";
import type { KubernetesObject } from "../objects/kubernetes-object.ts";
import type { ObjectName } from "../objects/object-key.ts";
import type { ResourceType } from "../objects/resource-type.ts";
import { checkNamespaces, readCatalog } from "../source/cluster-catalog.ts";
import {
  parseKubernetesSourceOptions,
  type KubernetesSourceOptions,
  type KubernetesSourceSettings,
} from "../source/kubernetes-source-options.ts";
import { ObjectDocuments } from "../source/object-documents.ts";
import type { ClusterScope } from "../source/scopes.ts";
import type { ClusterIdentity, ClusterReader, InventoryObject, LiveObject } from "./cluster-reader.ts";
import { listScope } from "./list-scope.ts";
import { mayGet } from "./may-get.ts";
import { readIdentity } from "./read-identity.ts";

const reviewsAtOnce = 8;

/**
 * Creates a reader for one cluster, without I/O. Give it the options of the source, so that both select and
 * redact alike. Its credentials may differ: then it shows only what their owner may see.
 */
export function createClusterReader(options: KubernetesSourceOptions): ClusterReader {
  return new Reader(parseKubernetesSourceOptions(options));
}

class Reader implements ClusterReader {
  readonly cluster: string;
  readonly #settings: KubernetesSourceSettings;
  readonly #client: ClusterClient;
  readonly #documents: ObjectDocuments;
  readonly #reviews: Limiter = createLimiter({ limit: reviewsAtOnce, maxWaiting: 10_000 });
  #types: Promise<DiscoveredTypes> | undefined;
  #scopes: Promise<ReadonlyMap<string, ClusterScope>> | undefined;

  constructor(settings: KubernetesSourceSettings) {
    const { cluster, access, clock, maxPendingBytes: maxBytes, redaction, replicas } = settings;
    this.cluster = cluster;
    this.#settings = settings;
    this.#client = createClusterClient(access, clock);
    const describing = { redaction, replicas, selection: settings, volatileFields: settings.volatileFields };
    this.#documents = new ObjectDocuments({ cluster, client: this.#client, maxBytes, clock, ...describing });
  }

  identity(options: CallOptions = {}): Promise<ClusterIdentity> {
    return readIdentity(this.#client, options);
  }

  async types(options: CallOptions = {}): Promise<DiscoveredTypes> {
    this.#types ??= discoverTypes(this.#client, options);
    try {
      return await this.#types;
    } catch (error) {
      this.#types = undefined;
      throw error;
    }
  }

  async scopes(options: CallOptions = {}): Promise<readonly string[]> {
    return [...(await this.#catalog(options)).keys()];
  }

  async inventory(scope: string, options: CallOptions = {}): Promise<readonly InventoryObject[]> {
    const { type, query } = await this.#scope(scope, options);
    const read = (object: KubernetesObject): InventoryObject => this.#documents.identify(object, type);
    const { pageSize } = this.#settings;
    return await listScope(this.#client, query, read, { ...options, pageSize, metadataOnly: true });
  }

  async versions(
    scope: string,
    documentIds: ReadonlySet<string>,
    options: CallOptions = {},
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    const { type, query } = await this.#scope(scope, options);
    const read = (object: KubernetesObject): readonly [string, readonly string[]] | undefined => {
      const documentId = this.#documents.idOf(object, type);
      if (!documentIds.has(documentId)) return undefined;
      return [documentId, this.#documents.versionsOf(object, type)];
    };
    const { pageSize } = this.#settings;
    return new Map(await listScope(this.#client, query, read, { ...options, pageSize, metadataOnly: false }));
  }

  async read(object: ObjectName, options: CallOptions = {}): Promise<LiveObject | undefined> {
    const type = await this.#typeOf(object, options);
    // A Secret is not even requested, because its values would pass through this process.
    if (type === undefined || isSecret(type)) return undefined;
    const found = await this.#documents.read(type, object, options);
    const described = found && this.#documents.describe(found, type);
    if (found === undefined || described === undefined) return undefined;
    const { document, version } = described;
    return {
      ...this.#documents.identify(found, type),
      version,
      title: document.title ?? "",
      text: document.text,
    };
  }

  async mayRead(objects: readonly ObjectName[], options: CallOptions = {}): Promise<readonly boolean[]> {
    return await Promise.all(
      objects.map(async (object) => {
        const type = await this.#typeOf(object, options);
        if (type === undefined) return false;
        return await this.#reviews.run(() => mayGet(this.#client, type, object, options), options);
      }),
    );
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  async #typeOf({ group, kind }: ObjectName, options: CallOptions): Promise<ResourceType | undefined> {
    const { types } = await this.types(options);
    return types.find((type) => type.group === group && type.kind === kind);
  }

  async #scope(name: string, options: CallOptions): Promise<ClusterScope> {
    const scope = (await this.#catalog(options)).get(name);
    if (scope !== undefined) return scope;
    throw new ConfigurationError(`createClusterReader: the options do not select a scope "${name}".`, {
      code: "unknown_kind",
    });
  }

  async #catalog(options: CallOptions): Promise<ReadonlyMap<string, ClusterScope>> {
    this.#scopes ??= readCatalog(this.#client, this.#settings, options).then((catalog) => {
      checkNamespaces(catalog, []);
      return new Map(catalog.scopes.map((scope) => [scope.name, scope]));
    });
    try {
      return await this.#scopes;
    } catch (error) {
      this.#scopes = undefined;
      throw error;
    }
  }
}

function isSecret({ group, plural }: ResourceType): boolean {
  return group === "" && plural === "secrets";
}
