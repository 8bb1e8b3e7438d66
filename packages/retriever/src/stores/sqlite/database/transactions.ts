import type { DatabaseSync } from "node:sqlite";
import type { CallContext } from "../channel/call-context.ts";
import { untilUnlocked, type LockWaitOptions } from "./lock-wait.ts";
import { translateSqliteError } from "./sqlite-error.ts";

/**
 * Runs bodies of statements in transactions of one connection. A body is synchronous, so two never mix; it may run
 * again when the lock was taken by somebody else, so it must not change anything but the database.
 */
export class Transactions {
  readonly #database: DatabaseSync;
  readonly #options: LockWaitOptions;
  #lastWrite: Promise<unknown> = Promise.resolve();

  constructor(database: DatabaseSync, options: LockWaitOptions) {
    this.#database = database;
    this.#options = options;
  }

  /** Everything the body reads comes from one state of the file. */
  read<T>(call: CallContext, body: () => T): Promise<T> {
    return this.#run("BEGIN", call, body);
  }

  /** All that the body writes is kept, or nothing. Writes run in the order they were asked for, also while one waits
   * for the lock; reads pass them by. */
  write<T>(call: CallContext, body: () => T): Promise<T> {
    const result = this.#lastWrite.then(() => this.#run("BEGIN IMMEDIATE", call, body));
    this.#lastWrite = result.catch(() => undefined); // its own caller hears of the failure; the next one starts afresh
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
      // Still open only if something was thrown; SQLite itself may have rolled back already, on a full disk say.
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
    }
  }
}
