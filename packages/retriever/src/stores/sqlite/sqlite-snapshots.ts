import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CallOptions, CollectionInfo, RestoreOptions, Snapshot, SnapshotAdmin } from "@binnacle/core";
import { parseCallOptions, parseResponse } from "@binnacle/core/kit";
import {
  checkCollectionName,
  checkRestore,
  checkSnapshot,
  isSnapshotName,
  noSnapshot,
} from "@binnacle/core/stores";
import { z } from "zod";
import { checkedBytes } from "../shared/checked-bytes.ts";
import { receiveSnapshot } from "../shared/receive-snapshot.ts";
import type { WorkerClient } from "./channel/worker-client.ts";

const recordSchema = z.object({
  createdAt: z.string(),
  bytes: z.number(),
  sha256: z.string(),
});

/** A file that a killed process left behind may be deleted after this time. */
const abandonedMs = 24 * 3_600_000;

/**
 * Snapshots of a `SqliteStore`, in the folder with the file's name and `-snapshots`. Each snapshot is a store
 * file with one collection, beside a record of its checksum. A second thread copies, so that searches and
 * writes go on.
 */
export class SqliteSnapshots implements SnapshotAdmin {
  readonly #folder: string;
  readonly #client: WorkerClient;

  constructor(path: string, client: WorkerClient) {
    this.#folder = `${path}-snapshots`;
    this.#client = client;
  }

  async create(given: string, options?: CallOptions): Promise<Snapshot> {
    this.#check("snapshots.create", given, options);
    const collection = await this.#nameOf(given, options);
    const createdAt = new Date().toISOString();
    const name = `${collection}-${createdAt.replaceAll(/[:.]/g, "-").slice(0, 23)}-${randomUUID().slice(0, 8)}.snapshot`;
    const path = this.#path(collection, name);
    await mkdir(this.#path(collection), { recursive: true });
    await this.#removeAbandoned(this.#path(collection));
    const part = `${path}.part`;
    try {
      const params = { collection, path: part };
      const made = await this.#client.call({ method: "createSnapshot", params }, options);
      await writeFile(`${path}.json`, JSON.stringify({ createdAt, ...made }));
      await rename(part, path); // the snapshot exists from here on
      return { name, collection, createdAt, ...made };
    } catch (error) {
      await rm(`${path}.json`, { force: true });
      throw error;
    }
  }

  async list(given: string, options?: CallOptions): Promise<readonly Snapshot[]> {
    this.#check("snapshots.list", given, options);
    const collection = await this.#nameOf(given, options);
    const names = (await namesIn(this.#path(collection))).filter(isSnapshotName).sort();
    const found = await Promise.all(names.map((name) => this.#find(collection, name)));
    return found.filter((snapshot) => snapshot !== undefined);
  }

  async *download(
    given: string,
    snapshot: string,
    options?: CallOptions,
  ): AsyncGenerator<Uint8Array, void, void> {
    this.#check("snapshots.download", given, options, snapshot);
    const collection = await this.#nameOf(given, options);
    const found = await this.#find(collection, snapshot);
    if (found === undefined) throw noSnapshot(collection, snapshot);
    const pieces: AsyncIterable<Uint8Array> = createReadStream(this.#path(collection, snapshot));
    for await (const piece of checkedBytes(pieces, found.sha256)) {
      this.#client.check(options);
      yield piece;
    }
  }

  async delete(given: string, snapshot: string, options?: CallOptions): Promise<boolean> {
    this.#check("snapshots.delete", given, options, snapshot);
    const collection = await this.#nameOf(given, options);
    const found = await this.#find(collection, snapshot);
    await rm(this.#path(collection, snapshot), { force: true });
    await rm(this.#path(collection, `${snapshot}.json`), { force: true });
    return found !== undefined;
  }

  async restore(
    collection: string,
    bytes: AsyncIterable<Uint8Array>,
    options: RestoreOptions,
  ): Promise<CollectionInfo> {
    checkCollectionName("snapshots.restore", collection);
    const { sha256, ...call } = checkRestore(options);
    this.#client.check(call);
    await mkdir(this.#folder, { recursive: true });
    await this.#removeAbandoned(this.#folder);
    const path = join(this.#folder, `${randomUUID()}.part`);
    try {
      await receiveSnapshot(bytes, { ...call, path, sha256 });
      return await this.#client.call({ method: "restoreSnapshot", params: { name: collection, path } }, call);
    } finally {
      for (const suffix of ["", "-wal", "-shm", "-journal"]) await rm(`${path}${suffix}`, { force: true });
    }
  }

  /** The collection that an alias means. The snapshots of a deleted collection stay under its name. */
  async #nameOf(name: string, options: CallOptions | undefined): Promise<string> {
    const info = await this.#client.call({ method: "describeCollection", params: { name } }, options);
    return info?.name ?? name;
  }

  async #find(collection: string, name: string): Promise<Snapshot | undefined> {
    try {
      await stat(this.#path(collection, name));
      const record: unknown = JSON.parse(await readFile(this.#path(collection, `${name}.json`), "utf8"));
      return { name, collection, ...parseResponse(`the record of snapshot "${name}"`, recordSchema, record) };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async #removeAbandoned(folder: string): Promise<void> {
    for (const name of await namesIn(folder)) {
      if (!/\.part(-(wal|shm|journal))?$/.test(name)) continue;
      const { mtimeMs } = await stat(join(folder, name));
      if (Date.now() - mtimeMs > abandonedMs) await rm(join(folder, name), { force: true });
    }
  }

  /** Both names were checked, so neither can leave the folder. */
  #path(collection: string, file = ""): string {
    return join(this.#folder, collection, file);
  }

  #check(call: string, collection: string, options: CallOptions | undefined, snapshot?: string): void {
    if (snapshot === undefined) checkCollectionName(call, collection);
    else checkSnapshot(call, collection, snapshot);
    this.#client.check(parseCallOptions("SqliteStore", options));
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
