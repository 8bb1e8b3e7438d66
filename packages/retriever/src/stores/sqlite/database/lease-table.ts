import { BinnacleError } from "@binnacle/core";
import type { EntriesOf, LeaseKey, OpenedLease, Params } from "../channel/requests.ts";
import { CheckpointTable } from "./checkpoint-table.ts";
import { integer, text, type Connection } from "./connection.ts";
import { describeProcess, isDeadProcess } from "./process-identity.ts";
import { fromTextKey, toTextKey } from "./text-key.ts";

/** The leases on the manifest's sources and collections. Every method runs inside a write transaction. */
export class LeaseTable {
  readonly #connection: Connection;
  readonly #checkpoints: CheckpointTable;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#checkpoints = new CheckpointTable(connection);
  }

  /** Takes the lease, also from a process of this machine that has died. Throws with code `lease_held` if
   * another session has it. */
  open(params: Params<"openLease">): OpenedLease {
    const { sourceId, collection, tenant, incarnation, now, leaseMs } = params;
    const key = [toTextKey(tenant ?? ""), toTextKey(sourceId), toTextKey(collection)] as const;
    this.#adopt(key, incarnation);
    this.#connection.run(
      "INSERT OR IGNORE INTO leases (tenant, source, collection, token, expires_at, incarnation) VALUES (?, ?, ?, 0, 0, ?)",
      ...key,
      incarnation,
    );
    const row =
      this.#connection.get(
        "SELECT * FROM leases WHERE tenant = ? AND source = ? AND collection = ?",
        ...key,
      ) ?? {};
    const expiresAt = integer(row, "expires_at");
    if (expiresAt > now && !isDeadProcess(row["holder"])) throw leaseHeld(sourceId, expiresAt);
    const lease = integer(row, "lease");
    // The clock keeps tokens growing even if the manifest was lost and starts again.
    const token = Math.max(now, integer(row, "token") + 1, params.tokenAbove + 1);
    this.#connection.run(
      "UPDATE leases SET token = ?, expires_at = ?, holder = ? WHERE lease = ?",
      token,
      now + leaseMs,
      describeProcess(process.pid) ?? null,
      lease,
    );
    const opened = { lease, token, incarnation };
    if (text(row, "incarnation") === incarnation) return { ...opened, ...this.#recorded(lease) };
    return { ...opened, isNew: true, resume: [], epoch: undefined };
  }

  /** Throws with code `lease_lost` if another session took the lease. An expired lease that no other
   * session took is still valid: the token, compared in the same transaction as the change, separates two
   * writers. Returns true if the record has the session's incarnation. */
  check({ lease, token, incarnation }: LeaseKey): boolean {
    const row = this.#connection.get("SELECT token, incarnation FROM leases WHERE lease = ?", lease);
    if (row?.["token"] === token) return row["incarnation"] === incarnation;
    throw new BinnacleError(
      "lease_lost",
      "Another session took the lease on this source. Stop, and open the manifest again to continue.",
    );
  }

  /** Returns the lease whose entries are read, or undefined if this incarnation has no record. */
  find(of: EntriesOf): number | undefined {
    if ("lease" in of) return this.check(of) ? of.lease : undefined;
    const row = this.#connection.get(
      "SELECT lease FROM leases WHERE tenant = ? AND source = ? AND collection = ? AND incarnation = ?",
      toTextKey(of.tenant ?? ""),
      toTextKey(of.sourceId),
      toTextKey(of.collection),
      of.incarnation,
    );
    return row && integer(row, "lease");
  }

  renew({ lease, expiresAt }: Params<"renewLease">): undefined {
    this.#connection.run("UPDATE leases SET expires_at = ? WHERE lease = ?", expiresAt, lease);
  }

  /** Releases the lease. Does nothing if another session already has it. */
  close({ lease, token }: LeaseKey): undefined {
    this.#connection.run("UPDATE leases SET expires_at = 0 WHERE lease = ? AND token = ?", lease, token);
  }

  /** Deletes the record of another incarnation. */
  bind({ lease, incarnation }: LeaseKey): void {
    for (const table of ["entries", "seen", "contents", "checkpoints"])
      this.#connection.run(`DELETE FROM ${table} WHERE lease = ?`, lease);
    this.#connection.run(
      "UPDATE leases SET incarnation = ?, epoch = NULL WHERE lease = ?",
      incarnation,
      lease,
    );
  }

  /** Records the checkpoints of scopes, and the epoch if it is given. */
  record({ lease, resume, epoch }: Params<"putEntries">): undefined {
    this.#checkpoints.put(lease, resume);
    if (epoch === undefined) return;
    this.#connection.run("UPDATE leases SET epoch = ? WHERE lease = ?", toTextKey(epoch), lease);
  }

  /** Moves a record of schema version 3 or older, when a source had one record that only its incarnation
   * tied to a collection. */
  #adopt(key: readonly [tenant: string, source: string, collection: string], incarnation: string): void {
    this.#connection.run(
      `UPDATE OR IGNORE leases SET collection = ?3
       WHERE tenant = ?1 AND source = ?2 AND collection = '' AND incarnation = ?4`,
      ...key,
      incarnation,
    );
  }

  #recorded(lease: number): Omit<OpenedLease, keyof LeaseKey> {
    const row = this.#connection.get(
      "SELECT epoch, EXISTS (SELECT 1 FROM entries WHERE lease = ?1) AS has_entries FROM leases WHERE lease = ?1",
      lease,
    );
    const resume = this.#checkpoints.all(lease);
    const epoch = optionalText(row?.["epoch"]);
    const isNew = row?.["has_entries"] === 0 && resume.length === 0 && epoch === undefined;
    return { isNew, resume, epoch };
  }
}

function optionalText(value: unknown): string | undefined {
  return typeof value === "string" ? fromTextKey(value) : undefined;
}

function leaseHeld(sourceId: string, expiresAt: number): BinnacleError {
  return new BinnacleError(
    "lease_held",
    `Another session is writing source "${sourceId}" and holds its lease until ${new Date(expiresAt).toISOString()}. Wait until it ends.`,
    { retryable: true },
  );
}
