import { BinnacleError } from "@binnacle/core";
import type { LeaseKey, OpenedLease, Params } from "../channel/requests.ts";
import { integer, text, type Connection } from "./connection.ts";
import { describeProcess, isDeadProcess } from "./process-identity.ts";
import { fromTextKey, toTextKey } from "./text-key.ts";

/** Who may write the manifest of which source. Every method runs inside a write transaction. */
export class LeaseTable {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Takes the lease, also from a process of this machine that died with it, or throws `lease_held`. Forgets entries that
   * speak of another incarnation. */
  open({ sourceId, tenant, incarnation, now, leaseMs }: Params<"openLease">): OpenedLease {
    const key = [toTextKey(tenant ?? ""), toTextKey(sourceId)] as const;
    this.#connection.run(
      "INSERT OR IGNORE INTO leases (tenant, source, token, expires_at, incarnation) VALUES (?, ?, 0, 0, ?)",
      ...key,
      incarnation,
    );
    const row = this.#connection.get("SELECT * FROM leases WHERE tenant = ? AND source = ?", ...key) ?? {};
    const expiresAt = integer(row, "expires_at");
    if (expiresAt > now && !isDeadProcess(row["holder"])) throw leaseHeld(sourceId, expiresAt);
    const lease = integer(row, "lease");
    // The clock keeps tokens growing also where the manifest was lost and starts again.
    const token = Math.max(now, integer(row, "token") + 1);
    if (text(row, "incarnation") !== incarnation) this.#startAgain(lease, incarnation);
    this.#connection.run(
      "UPDATE leases SET token = ?, expires_at = ?, holder = ? WHERE lease = ?",
      token,
      now + leaseMs,
      describeProcess(process.pid) ?? null,
      lease,
    );
    return { lease, token, ...this.#recorded(lease) };
  }

  /**
   * Throws `lease_lost` where another session took the lease. One that ran out but that nobody took is still good:
   * the token, compared in the same transaction as the change, is what keeps two writers apart.
   */
  check({ lease, token }: LeaseKey): void {
    const row = this.#connection.get("SELECT token FROM leases WHERE lease = ?", lease);
    if (row?.["token"] === token) return;
    throw new BinnacleError(
      "lease_lost",
      "another session took the lease on this source; stop, and open the manifest again to go on",
    );
  }

  renew({ lease, expiresAt }: Params<"renewLease">): undefined {
    this.#connection.run("UPDATE leases SET expires_at = ? WHERE lease = ?", expiresAt, lease);
  }

  /** Lets others have it at once. Does nothing where somebody already has. */
  close({ lease, token }: LeaseKey): undefined {
    this.#connection.run("UPDATE leases SET expires_at = 0 WHERE lease = ? AND token = ?", lease, token);
  }

  /** Notes what to resume from, where it is given. */
  record({ lease, resume, epoch }: Params<"putEntries">): undefined {
    this.#connection.run(
      "UPDATE leases SET resume = coalesce(?, resume), epoch = coalesce(?, epoch) WHERE lease = ?",
      resume === undefined ? null : toTextKey(resume),
      epoch === undefined ? null : toTextKey(epoch),
      lease,
    );
  }

  #recorded(lease: number): Omit<OpenedLease, keyof LeaseKey> {
    const row = this.#connection.get(
      "SELECT resume, epoch, EXISTS (SELECT 1 FROM entries WHERE lease = ?1) AS has_entries FROM leases WHERE lease = ?1",
      lease,
    );
    const resume = optionalText(row?.["resume"]);
    const epoch = optionalText(row?.["epoch"]);
    const isNew = row?.["has_entries"] === 0 && resume === undefined && epoch === undefined;
    return { isNew, resume, epoch };
  }

  #startAgain(lease: number, incarnation: string): void {
    this.#connection.run("DELETE FROM entries WHERE lease = ?", lease);
    this.#connection.run(
      "UPDATE leases SET incarnation = ?, resume = NULL, epoch = NULL WHERE lease = ?",
      incarnation,
      lease,
    );
  }
}

function optionalText(value: unknown): string | undefined {
  return typeof value === "string" ? fromTextKey(value) : undefined;
}

function leaseHeld(sourceId: string, expiresAt: number): BinnacleError {
  return new BinnacleError(
    "lease_held",
    `another session is writing source "${sourceId}" and holds its lease until ${new Date(expiresAt).toISOString()}; wait for it to end`,
    { retryable: true },
  );
}
