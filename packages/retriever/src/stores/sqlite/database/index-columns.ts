import { BinnacleError, type SparseVector } from "@binnacle/core";
import type { Partition } from "./partition.ts";
import { bytes, text, type Connection, type Row } from "./connection.ts";
import { decodeDense, decodeSparseRows } from "./vector-blob.ts";

/** About what a processor's cache holds, since the bytes of a part are copied several times. */
const PART_BYTES = 1 << 17;
const ROWS_PER_PART = 256;

/** Row ids of some points, and a value of each. */
export interface ColumnPart<T> {
  readonly points: readonly number[];
  readonly values: readonly T[];
}

/**
 * Reads columns of many points for the search index. SQLite joins the values of many rows into one, because a
 * result row and its objects take Node longer than their bytes. Every method runs inside a transaction.
 */
export class IndexColumns {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Returns the ids of all points that were written after a sequence. */
  ids({ collection, tenant }: Partition, sequence: number): ColumnPart<string> {
    const isAll = sequence < 0;
    const row = this.#connection.one(
      `SELECT json_group_array(point) AS points, json_group_array(id) AS ids
       FROM points WHERE collection = ? AND tenant = ? ${isAll ? "" : "AND sequence > ?"}`,
      collection.key,
      tenant,
      ...(isAll ? [] : [sequence]),
    );
    return withPoints(row, list(row, "ids", isText));
  }

  /** Yields the dense vectors of points. */
  *vectors(points: Iterable<number>, dimensions: number): Iterable<ColumnPart<Float32Array>> {
    const rowBytes = dimensions * Float32Array.BYTES_PER_ELEMENT;
    const sql = `SELECT json_group_array(point) AS points, CAST(group_concat(dense, '') AS BLOB) AS dense
      FROM vectors WHERE point IN (SELECT value FROM json_each(?))`;
    for (const row of this.#parts(sql, points, Math.max(1, Math.floor(PART_BYTES / rowBytes)))) {
      const dense = bytes(row, "dense") ?? new Uint8Array();
      if (dense.length % rowBytes !== 0) throw corrupt("dense vectors");
      const numbers = decodeDense(dense);
      const vectors = Array.from({ length: dense.length / rowBytes }, (_, i) =>
        numbers.subarray(i * dimensions, (i + 1) * dimensions),
      );
      yield withPoints(row, vectors);
    }
  }

  /** Yields the sparse vectors of points. */
  *terms(points: Iterable<number>): Iterable<ColumnPart<SparseVector>> {
    const sql = `SELECT json_group_array(point) AS points, json_group_array(ifnull(length(sparse), 0)) AS lengths,
      CAST(group_concat(sparse, '') AS BLOB) AS sparse
      FROM vectors WHERE point IN (SELECT value FROM json_each(?))`;
    for (const row of this.#parts(sql, points, ROWS_PER_PART)) {
      const sparse = bytes(row, "sparse");
      const lengths = list(row, "lengths", isInteger);
      if (lengths.reduce((sum, length) => sum + length, 0) !== (sparse?.length ?? 0))
        throw corrupt("sparse vectors");
      yield withPoints(row, decodeSparseRows(sparse, lengths));
    }
  }

  /** Yields the metadata of points as JSON. */
  *metadata(points: Iterable<number>): Iterable<ColumnPart<string>> {
    const sql = `SELECT json_group_array(point) AS points, json_group_array(metadata) AS metadata
      FROM points WHERE point IN (SELECT value FROM json_each(?))`;
    for (const row of this.#parts(sql, points, ROWS_PER_PART))
      yield withPoints(row, list(row, "metadata", isText));
  }

  *#parts(sql: string, points: Iterable<number>, rows: number): Iterable<Row> {
    const ordered = Float64Array.from(points).sort(); // rows of one page are then read together
    for (let start = 0; start < ordered.length; start += rows)
      yield this.#connection.one(sql, `[${ordered.subarray(start, start + rows).join(",")}]`);
  }
}

function withPoints<T>(row: Row, values: readonly T[]): ColumnPart<T> {
  const points = list(row, "points", isInteger);
  if (points.length !== values.length) throw corrupt("columns");
  return { points, values };
}

/** Reads a JSON array that SQLite wrote. */
function list<T>(row: Row, column: string, isItem: (value: unknown) => value is T): readonly T[] {
  const value: unknown = JSON.parse(text(row, column));
  if (Array.isArray(value) && value.every(isItem)) return value;
  throw corrupt(column);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isInteger(value: unknown): value is number {
  return Number.isInteger(value);
}

function corrupt(what: string): BinnacleError {
  return new BinnacleError(
    "file_corrupt",
    `the ${what} of some points cannot be read from the file; index their sources again, or restore a copy of the file`,
  );
}
