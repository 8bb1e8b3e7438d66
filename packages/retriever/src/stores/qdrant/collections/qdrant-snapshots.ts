import { randomUUID } from "node:crypto";
import { openAsBlob } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  RequestError,
  UnsupportedError,
  type CallOptions,
  type CollectionInfo,
  type RestoreOptions,
  type Snapshot,
  type SnapshotAdmin,
} from "@binnacle/core";
import { parseCallOptions } from "@binnacle/core/kit";
import {
  checkCollectionName,
  checkRestore,
  checkSnapshot,
  damagedSnapshot,
  isSnapshotName,
  noSnapshot,
  restoreTaken,
} from "@binnacle/core/stores";
import { z } from "zod";
import { checkedBytes } from "../../shared/checked-bytes.ts";
import { receiveSnapshot } from "../../shared/receive-snapshot.ts";
import type { QdrantContext } from "../qdrant-context.ts";
import { collectionPath } from "../wire/collection-path.ts";
import { foreignCollection, noCollection } from "../wire/qdrant-error.ts";
import { collectionInfo } from "./collection-info.ts";
import { readCollectionCluster } from "./collection-cluster.ts";
import { renewCollection } from "./renew-collection.ts";

/** Copying and unpacking take minutes for a large collection. A call's own deadline may be earlier. */
const TIMEOUT_MS = 3_600_000;

const description = z.object({
  name: z.string(),
  creation_time: z.string().nullish(),
  size: z.number(),
  checksum: z.string().nullish(),
});

/**
 * Snapshots on a Qdrant server. A server copies only the shards that it holds, so a collection on several
 * servers is refused.
 */
export class QdrantSnapshots implements SnapshotAdmin {
  readonly #context: QdrantContext;

  constructor(context: QdrantContext) {
    this.#context = context;
  }

  async create(collection: string, options?: CallOptions): Promise<Snapshot> {
    const name = await this.#own("snapshots.create", collection, options);
    const { remoteShards } = await readCollectionCluster(name, this.#context.api, options);
    if (remoteShards.length > 0)
      throw new UnsupportedError(
        `snapshots.create: ${remoteShards.length} shards of collection "${name}" are on other servers of the cluster, and a snapshot holds one server's shards. Take a snapshot of each server by Qdrant's own interface.`,
        { capability: "snapshots" },
      );
    const path = collectionPath(name, "/snapshots");
    const request = { method: "POST", path, query: { wait: true }, collection: name } as const;
    return toSnapshot(name, await this.#context.api.result(request, description, within(options)));
  }

  async list(collection: string, options?: CallOptions): Promise<readonly Snapshot[]> {
    const name = await this.#own("snapshots.list", collection, options);
    const request = { path: collectionPath(name, "/snapshots"), collection: name };
    const found = await this.#context.api.result(request, z.array(description), options);
    const snapshots = found.map((one) => toSnapshot(name, one)).filter((one) => isSnapshotName(one.name));
    return snapshots.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async *download(
    collection: string,
    snapshot: string,
    options?: CallOptions,
  ): AsyncGenerator<Uint8Array, void, void> {
    checkSnapshot("snapshots.download", collection, snapshot);
    const found = await this.#find(collection, snapshot, options);
    if (!found) throw noSnapshot(collection, snapshot);
    const path = collectionPath(found.collection, `/snapshots/${snapshot}`);
    const { body } = await this.#context.api.stream({ path }, within(options));
    yield* checkedBytes(body, found.sha256);
  }

  async delete(collection: string, snapshot: string, options?: CallOptions): Promise<boolean> {
    checkSnapshot("snapshots.delete", collection, snapshot);
    const found = await this.#find(collection, snapshot, options);
    if (!found) return false;
    const path = collectionPath(found.collection, `/snapshots/${snapshot}`);
    const request = { method: "DELETE", path, query: { wait: true } } as const;
    return this.#context.api.result(request, z.boolean(), options);
  }

  async restore(
    collection: string,
    bytes: AsyncIterable<Uint8Array>,
    options: RestoreOptions,
  ): Promise<CollectionInfo> {
    checkCollectionName("snapshots.restore", collection);
    const { sha256, ...call } = checkRestore(options);
    this.#context.check(call);
    const { collections } = this.#context;
    if (await collections.find(collection, call)) throw restoreTaken(collection);
    const folder = await mkdtemp(join(tmpdir(), "binnacle-snapshot-"));
    try {
      const path = join(folder, "snapshot");
      // Checked here, so that bytes that were damaged on the way never reach the server.
      await receiveSnapshot(bytes, { ...call, path, sha256 });
      await this.#upload(collection, path, sha256, call);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    return this.#adopt(collection, call);
  }

  async #upload(name: string, path: string, sha256: string, call: CallOptions): Promise<void> {
    const boundary = `binnacle-${randomUUID()}`;
    const head = `--${boundary}\r\ncontent-disposition: form-data; name="snapshot"; filename="snapshot"\r\ncontent-type: application/octet-stream\r\n\r\n`;
    // A Blob of a file is read while it is sent, and can be sent again.
    const body = new Blob([head, await openAsBlob(path), `\r\n--${boundary}--\r\n`]);
    const request = {
      method: "POST",
      path: collectionPath(name, "/snapshots/upload"),
      query: { wait: true, priority: "snapshot", checksum: sha256 },
      body,
      headers: { "content-type": `multipart/form-data; boundary=${boundary}` },
    } as const;
    try {
      await this.#context.api.result(request, z.literal(true), within(call));
    } catch (error) {
      throw isRefusal(error) ? damagedSnapshot("the server cannot unpack them", error) : error;
    }
  }

  /** Gives the restored collection a new identity. Deletes it again if this SDK did not create it. */
  async #adopt(name: string, call: CallOptions): Promise<CollectionInfo> {
    const { api, collections } = this.#context;
    const found = await collections.find(name, call);
    if (!found) throw noCollection(name);
    if (!found.stored) {
      await api.result({ method: "DELETE", path: collectionPath(name) }, z.boolean(), call);
      throw foreignCollection(name);
    }
    const incarnation = await renewCollection(name, api, call);
    collections.forget(name);
    return collectionInfo({ ...found.stored, incarnation });
  }

  /** The name of a collection of this SDK, which an alias may have meant. */
  async #own(call: string, collection: string, options: CallOptions | undefined): Promise<string> {
    checkCollectionName(call, collection);
    this.#context.check(parseCallOptions("QdrantStore", options));
    return (await this.#context.collections.open(collection, options)).spec.name;
  }

  async #find(
    collection: string,
    name: string,
    options: CallOptions | undefined,
  ): Promise<Snapshot | undefined> {
    return (await this.list(collection, options)).find((snapshot) => snapshot.name === name);
  }
}

function within<T extends CallOptions>(options: T | undefined): T & { readonly headersTimeoutMs: number };
function within(options: CallOptions | undefined): CallOptions & { readonly headersTimeoutMs: number } {
  return { ...options, headersTimeoutMs: TIMEOUT_MS };
}

function toSnapshot(
  collection: string,
  { name, creation_time: at, size, checksum }: z.output<typeof description>,
): Snapshot {
  const createdAt = at === undefined || at === null ? undefined : `${at.replace(/Z$/, "")}Z`;
  return { name, collection, createdAt, bytes: size, sha256: checksum ?? undefined };
}

/** Qdrant answers 400 to a wrong checksum, and 500 to a file that it cannot unpack. */
function isRefusal(error: unknown): boolean {
  return RequestError.isInstance(error) && (error.status === 400 || error.status === 500);
}
