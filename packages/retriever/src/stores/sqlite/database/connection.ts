import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from "node:sqlite";

/** One row as SQLite returns it. Read it with {@link text}, {@link integer} and {@link bytes}. */
export type Row = Readonly<Record<string, SQLOutputValue>>;

/** An open database that compiles each statement once. */
export class Connection {
  readonly database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.database = database;
  }

  /** Returns the first row, or undefined. */
  get(sql: string, ...parameters: readonly SQLInputValue[]): Row | undefined {
    return this.#statement(sql).get(...parameters);
  }

  /** Returns the only row of a query that always has one, such as an aggregate. */
  one(sql: string, ...parameters: readonly SQLInputValue[]): Row {
    const row = this.get(sql, ...parameters);
    if (row !== undefined) return row;
    throw new TypeError(`A query that always has a row had none: ${sql}`);
  }

  all(sql: string, ...parameters: readonly SQLInputValue[]): readonly Row[] {
    return this.#statement(sql).all(...parameters);
  }

  /** Yields row by row. The statement is compiled for this call alone, because it cannot run twice at the
   * same time. */
  iterate(sql: string, ...parameters: readonly SQLInputValue[]): IterableIterator<Row> {
    return this.database.prepare(sql).iterate(...parameters);
  }

  /** Returns the number of changed rows and the row id of the last insert. */
  run(sql: string, ...parameters: readonly SQLInputValue[]): { changes: number; lastId: number } {
    const { changes, lastInsertRowid } = this.#statement(sql).run(...parameters);
    return { changes: Number(changes), lastId: Number(lastInsertRowid) };
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

/** Returns a text column. Throws if it has another type, which only a damaged file can cause. */
export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value === "string") return value;
  throw new TypeError(`Column ${column} holds ${typeof value}, expected text.`);
}

/** Returns an integer column. */
export function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value === "number") return value;
  throw new TypeError(`Column ${column} holds ${typeof value}, expected an integer.`);
}

/** Returns a blob column, or undefined for NULL. */
export function bytes(row: Row, column: string): Uint8Array | undefined {
  const value = row[column];
  return value instanceof Uint8Array ? value : undefined;
}
