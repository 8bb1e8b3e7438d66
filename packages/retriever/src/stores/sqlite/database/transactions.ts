import type { DatabaseSync } from "node:sqlite";
import type { CallContext } from "../channel/call-context.ts";
import { untilUnlocked, type LockWaitOptions } from "./lock-wait.ts";
import { translateSqliteError } from "./sqlite-error.ts";

/** Runs bodies of statements in transactions of one connection. A body is synchronous, so two never mix.
 * It may run again if another connection took the lock, so it must change only the database. */
export class Transactions {
  readonly #database: DatabaseSync;
  readonly #options: LockWaitOptions;
  #lastWrite: Promise<unknown> = Promise.resolve();

  constructor(database: DatabaseSync, options: LockWaitOptions) {
    this.#database = database;
    this.#options = options;
  }

  /** Runs a body that only reads, and sees one state of the file. */
  read<T>(call: CallContext, body: () => T): Promise<T> {
    return this.#run("BEGIN", call, body);
  }

  /** Runs a body that writes, and keeps either all of its changes or none. Writes run in the order of
   * their calls, even while one waits for the lock. Reads do not wait for them. */
  write<T>(call: CallContext, body: () => T): Promise<T> {
    const result = this.#lastWrite.then(() => this.#run("BEGIN IMMEDIATE", call, body));
    this.#lastWrite = result.catch(() => undefined); // its own caller gets the failure, and the next write starts afresh
    return result;
  }

  async #run<T>(begin: "BEGIN" | "BEGIN IMMEDIATE", call: CallContext, body: () => T): Promise<T> {
    try {
      return await untilUnlocked(() => this.#attempt(begin, body), call, this.#options);
    } catch (error) {
      throw translateSqliteError(error, this.#options.path);
    }
  }

  #attempt<T>(begin: string, body: () => T): T {
    this.#database.exec(begin);
    try {
      const result = body();
      this.#database.exec("COMMIT");
      return result;
    } finally {
      // The transaction is still open only after an error. SQLite itself may have rolled back already, for
      // example on a full disk.
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
    }
  }
}
