import type { CallOptions } from "@binnacle/core";
import type { DiscoveredTypes } from "../discovery/discovered-types.ts";
import type { ObjectName } from "../objects/object-key.ts";

/** The identity of a cluster. */
export interface ClusterIdentity {
  /** Uid of the namespace kube-system. Empty if it may not be read. */
  readonly uid: string;
  /** Version of the API server, such as `v1.36.2`. Empty if it may not be read. */
  readonly serverVersion: string;
}

/** An object as a metadata-only list shows it. */
export interface InventoryObject {
  /** Id of the object's document, if it has one. */
  readonly documentId: string;
  /** See `objectKey`. */
  readonly key: string;
  readonly resourceVersion: string;
}

/** An object as the cluster has it now, after redaction. */
export interface LiveObject {
  readonly documentId: string;
  readonly key: string;
  readonly resourceVersion: string;
  /** `UpsertChange.version` of the object's document. */
  readonly version: string;
  readonly title: string;
  readonly text: string;
}

/** Reads a cluster with the rights of its credentials. It has no method that changes anything. */
export interface ClusterReader {
  /** Name of the cluster. */
  readonly cluster: string;
  /** Rejects with code `server_too_old` if the API server is older than 1.20. */
  identity(options?: CallOptions): Promise<ClusterIdentity>;
  /** Returns every type that can be listed and watched, selected or not. */
  types(options?: CallOptions): Promise<DiscoveredTypes>;
  /** Returns the names of the selected scopes, such as `deployments.apps`. */
  scopes(options?: CallOptions): Promise<readonly string[]>;
  /** Lists the metadata of a scope's objects. */
  inventory(scope: string, options?: CallOptions): Promise<readonly InventoryObject[]>;
  /** Lists a scope and returns the versions that each wanted document may have: one, and one more for each field that
   * was left out later, see `volatileFields`. Empty if the object has no document of its own. An object that is gone is
   * not in the map. */
  versions(
    scope: string,
    documentIds: ReadonlySet<string>,
    options?: CallOptions,
  ): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Reads one object and redacts it. Undefined if it does not exist, or if nothing of it may be told, as for
   * a Secret. */
  read(object: ObjectName, options?: CallOptions): Promise<LiveObject | undefined>;
  /** Returns for each object whether these credentials may get it, by a SelfSubjectAccessReview. */
  mayRead(objects: readonly ObjectName[], options?: CallOptions): Promise<readonly boolean[]>;
  /** Closes the connections. A second call does nothing. */
  close(): Promise<void>;
}
