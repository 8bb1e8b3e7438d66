import { randomBytes, randomUUID } from "node:crypto";
import { BinnacleError, type CollectionInfo, type EnsuredCollection } from "@binnacle/core";
import {
  aliasMeant,
  checkTenancy,
  compareSpecs,
  resolveSpec,
  type ResolvedSpec,
} from "@binnacle/core/stores";
import type { Scope } from "../channel/requests.ts";
import { embeddedCapabilities } from "../../shared/embedded-capabilities.ts";
import { integer, text, type Connection, type Row } from "./connection.ts";
import { EpochTable } from "./epoch-table.ts";
import type { CollectionRow, Partition } from "./partition.ts";

/** The state of a partition after a call. */
export interface Advance {
  readonly sequence: number;
  readonly forgotten: number;
  readonly isFenced: boolean;
}

/** The collections of the file. Every method runs inside a transaction. */
export class CollectionTable {
  readonly #connection: Connection;
  readonly #epochs: EpochTable;
  /** The last spec of each collection, because every call needs it. */
  readonly #specs = new Map<number, { readonly json: string; readonly spec: ResolvedSpec }>();

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#epochs = new EpochTable(connection);
  }

  /** Returns the collection of a name or alias. */
  find(name: string): CollectionRow | undefined {
    const row =
      this.#connection.get("SELECT * FROM collections WHERE name = ?", name) ??
      this.#connection.get(
        "SELECT collections.* FROM aliases JOIN collections ON id = collection WHERE aliases.name = ?",
        name,
      );
    return row && this.#toCollection(row);
  }

  /** Returns the partition of a handle. Throws with code `not_found`, `tenant_required` or
   * `tenant_forbidden`. */
  partition({ collection: name, tenant: bound }: Scope): Partition {
    const collection = this.find(name);
    if (collection === undefined) {
      throw new BinnacleError(
        "not_found",
        `Collection "${name}" does not exist. Create it with ensureCollection.`,
      );
    }
    checkTenancy(collection.spec, bound);
    const tenant = bound ?? "";
    const row = this.#connection.get(
      "SELECT sequence, forgotten, nonce, unfenced FROM partitions WHERE collection = ? AND tenant = ?",
      collection.key,
      tenant,
    );
    if (row === undefined) return { collection, tenant, sequence: 0, nonce: "", forgotten: 0, unfenced: "" };
    return {
      collection,
      tenant,
      sequence: integer(row, "sequence"),
      nonce: text(row, "nonce"),
      forgotten: integer(row, "forgotten"),
      unfenced: text(row, "unfenced"),
    };
  }

  list(): readonly CollectionInfo[] {
    const rows = this.#connection.all("SELECT * FROM collections ORDER BY name");
    return rows.map((row) => toInfo(this.#toCollection(row)));
  }

  ensure(asked: ResolvedSpec): EnsuredCollection {
    const stored = this.find(asked.name);
    if (stored === undefined) return { ...this.#create(asked), outcome: "created" };
    const spec = compareSpecs(stored.spec, asked);
    this.#connection.run("UPDATE collections SET spec = ? WHERE id = ?", JSON.stringify(spec), stored.key);
    return { ...toInfo({ ...stored, spec }), outcome: "exists" };
  }

  delete(name: string): boolean {
    const collection = this.find(name);
    if (collection === undefined) return false;
    const { key, incarnation, spec } = collection;
    if (spec.name !== name) throw aliasMeant("deleteCollection", { name, collection: spec.name });
    this.#connection.run(
      "DELETE FROM vectors WHERE point IN (SELECT point FROM points WHERE collection = ?)",
      key,
    );
    for (const table of ["points", "removals", "epochs", "fences", "partitions", "aliases"]) {
      this.#connection.run(`DELETE FROM ${table} WHERE collection = ?`, key);
    }
    this.#connection.run("DELETE FROM collections WHERE id = ?", key);
    this.#specs.delete(key);
    this.#forgetRecords(incarnation);
    return true;
  }

  /** Records the partition's new state, and returns its sequence and nonce as one string. */
  advance(partition: Partition, { sequence, forgotten, isFenced }: Advance): string {
    const { collection, tenant } = partition;
    const nonce = randomBytes(6).toString("base64url");
    const state = `${sequence}${nonce}`;
    this.#connection.run(
      `INSERT OR REPLACE INTO partitions (collection, tenant, sequence, forgotten, nonce, unfenced)
       VALUES (?, ?, ?, ?, ?, ?)`,
      collection.key,
      tenant,
      sequence,
      forgotten,
      nonce,
      isFenced ? partition.unfenced : state,
    );
    this.#epochs.add(partition, sequence, nonce);
    return state;
  }

  /** Deletes the manifest's facts about the deleted points. Leases remain, so that tokens keep growing. */
  #forgetRecords(incarnation: string): void {
    for (const table of ["entries", "seen", "contents", "checkpoints"]) {
      this.#connection.run(
        `DELETE FROM ${table} WHERE lease IN (SELECT lease FROM leases WHERE incarnation = ?)`,
        incarnation,
      );
    }
    this.#connection.run("UPDATE leases SET epoch = NULL WHERE incarnation = ?", incarnation);
  }

  #toCollection(row: Row): CollectionRow {
    const [key, json] = [integer(row, "id"), text(row, "spec")];
    const known = this.#specs.get(key);
    const spec =
      known?.json === json ? known.spec : resolveSpec("collection", JSON.parse(json), embeddedCapabilities);
    this.#specs.set(key, { json, spec });
    return { key, spec, incarnation: text(row, "incarnation") };
  }

  #create(spec: ResolvedSpec): CollectionInfo {
    const incarnation = randomUUID();
    this.#connection.run(
      "INSERT INTO collections (name, spec, incarnation) VALUES (?, ?, ?)",
      spec.name,
      JSON.stringify(spec),
      incarnation,
    );
    return { ...spec, incarnation };
  }
}

/** Returns the public facts about a collection. */
export function toInfo({ spec, incarnation }: CollectionRow): CollectionInfo {
  return { ...spec, incarnation };
}

/** Returns the collection's epoch. The incarnation distinguishes two collections of one name. The nonce
 * distinguishes two histories of one collection. */
export function toEpoch({ collection, sequence, nonce }: Partition): string {
  return `${collection.incarnation}:${sequence}${nonce}`;
}
