import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from "node:sqlite";

/** One row as SQLite returns it; read it with {@link text}, {@link integer} and {@link bytes}. */
export type Row = Readonly<Record<string, SQLOutputValue>>;

/** An open database that compiles each statement once. */
export class Connection {
  readonly database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.database = database;
  }

  /** The first row, if there is one. */
  get(sql: string, ...parameters: readonly SQLInputValue[]): Row | undefined {
    return this.#statement(sql).get(...parameters);
  }

  /** The only row of a query that always has one, as of an aggregate. */
  one(sql: string, ...parameters: readonly SQLInputValue[]): Row {
    const row = this.get(sql, ...parameters);
    if (row !== undefined) return row;
    throw new TypeError(`a query that always has a row had none: ${sql}`);
  }

  all(sql: string, ...parameters: readonly SQLInputValue[]): readonly Row[] {
    return this.#statement(sql).all(...parameters);
  }

  /** Row by row. Compiled for this call alone, because a statement cannot be run twice at a time. */
  iterate(sql: string, ...parameters: readonly SQLInputValue[]): IterableIterator<Row> {
    return this.database.prepare(sql).iterate(...parameters);
  }

  /** Says how many rows changed and the row id of the last insert. */
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

/** A text column; throws where it is something else, which only a damaged file can cause. */
export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value === "string") return value;
  throw new TypeError(`column ${column} holds ${typeof value} where text was expected`);
}

/** An integer column. */
export function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value === "number") return value;
  throw new TypeError(`column ${column} holds ${typeof value} where an integer was expected`);
}

/** A blob column; undefined for NULL. */
export function bytes(row: Row, column: string): Uint8Array | undefined {
  const value = row[column];
  return value instanceof Uint8Array ? value : undefined;
}
