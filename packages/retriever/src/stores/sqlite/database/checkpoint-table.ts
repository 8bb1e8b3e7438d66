import { text, type Connection } from "./connection.ts";
import { fromTextKey, toTextKey } from "./text-key.ts";

/** The checkpoints of a source's scopes. Runs inside transactions that have checked the lease. */
export class CheckpointTable {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  all(lease: number): readonly (readonly [scope: string, resume: string])[] {
    return this.#connection
      .all("SELECT scope, resume FROM checkpoints WHERE lease = ?", lease)
      .map((row) => [fromTextKey(text(row, "scope")), fromTextKey(text(row, "resume"))]);
  }

  /** Undefined removes the scope's checkpoint. */
  put(lease: number, checkpoints: readonly (readonly [scope: string, resume: string | undefined])[]): void {
    for (const [scope, resume] of checkpoints) {
      const key = toTextKey(scope);
      if (resume === undefined)
        this.#connection.run("DELETE FROM checkpoints WHERE lease = ? AND scope = ?", lease, key);
      else
        this.#connection.run(
          "INSERT OR REPLACE INTO checkpoints (lease, scope, resume) VALUES (?, ?, ?)",
          lease,
          key,
          toTextKey(resume),
        );
    }
  }
}
