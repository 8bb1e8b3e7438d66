import type { Metadata, SparseVector, StoredChunk } from "@binnacle/core";
import type { SelectorPlan } from "@binnacle/core/stores";
import type { WirePoint } from "../channel/wire-point.ts";
import { readMetadata } from "../point-json.ts";
import type { Partition } from "./partition.ts";
import { bytes, integer, text, type Connection, type Row } from "./connection.ts";
import { fromTextKey, toTextKey } from "./text-key.ts";
import { decodeDense, decodeSparse, encodeDense, encodeSparse } from "./vector-blob.ts";

/** The facts about a stored point that a write needs. */
export interface KnownPoint {
  /** Row id. */
  readonly point: number;
  readonly version: number;
  readonly sourceId: string;
}

/** A point's content to store. */
export interface PointContent {
  readonly id: string;
  readonly version: number;
  readonly sequence: number;
  readonly chunk: StoredChunk;
  readonly metadata: Metadata;
}

/** A row number, and the id of the point that the row must hold. */
export interface RowKey {
  readonly point: number;
  readonly id: string;
}

/** A point's version, and its chunk and metadata as JSON. */
export interface PointText {
  readonly version: number;
  readonly chunk: string;
  readonly metadata: string;
}

/** The rows to read, and the columns. */
export interface PageOptions {
  /** Only ids above this id. */
  readonly after?: string | undefined;
  readonly limit: number;
  readonly includeVectors: boolean;
}

/** The points of the file. Every method runs inside a transaction. */
export class PointTable {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  find({ collection, tenant }: Partition, id: string): KnownPoint | undefined {
    const row = this.#connection.get(
      "SELECT point, version, source FROM points WHERE collection = ? AND tenant = ? AND id = ?",
      collection.key,
      tenant,
      id,
    );
    if (row === undefined) return undefined;
    const sourceId = fromTextKey(text(row, "source"));
    return { point: integer(row, "point"), version: integer(row, "version"), sourceId };
  }

  /** Returns the version, chunk and metadata of a row. Returns undefined if the row holds another point,
   * because row ids are reused. */
  content({ collection, tenant }: Partition, { point, id }: RowKey): PointText | undefined {
    const row = this.#connection.get(
      "SELECT version, chunk, metadata FROM points WHERE point = ? AND collection = ? AND tenant = ? AND id = ?",
      point,
      collection.key,
      tenant,
      id,
    );
    if (row === undefined) return undefined;
    return {
      version: integer(row, "version"),
      chunk: text(row, "chunk"),
      metadata: text(row, "metadata"),
    };
  }

  insert({ collection, tenant }: Partition, content: PointContent): number {
    const { lastId } = this.#connection.run(
      `INSERT INTO points
         (version, sequence, source, document, chunk_index, chunk, metadata, collection, tenant, id)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...columns(content),
      collection.key,
      tenant,
      content.id,
    );
    return lastId;
  }

  update(point: number, content: PointContent): void {
    this.#connection.run(
      `UPDATE points
       SET version = ?, sequence = ?, source = ?, document = ?, chunk_index = ?, chunk = ?, metadata = ?
       WHERE point = ?`,
      ...columns(content),
      point,
    );
  }

  setVectors(point: number, dense: Float32Array | undefined, sparse: SparseVector | undefined): void {
    this.#connection.run(
      "INSERT OR REPLACE INTO vectors (point, dense, sparse) VALUES (?, ?, ?)",
      point,
      dense === undefined ? null : encodeDense(dense),
      sparse === undefined ? null : encodeSparse(sparse),
    );
  }

  remove(point: number): void {
    this.#connection.run("DELETE FROM vectors WHERE point = ?", point);
    this.#connection.run("DELETE FROM points WHERE point = ?", point);
  }

  get(partition: Partition, id: string, includeVectors: boolean): WirePoint | undefined {
    const row = this.#connection.get(
      `SELECT * FROM points ${vectorJoin(includeVectors)} WHERE collection = ? AND tenant = ? AND id = ?`,
      partition.collection.key,
      partition.tenant,
      id,
    );
    return row && toWirePoint(row, partition, includeVectors);
  }

  /** Returns the first selected points, ordered by id. */
  page(partition: Partition, plan: SelectorPlan, options: PageOptions): readonly WirePoint[] {
    const { after, limit, includeVectors } = options;
    const { where, parameters } = conditions(partition, plan);
    // The unary plus keeps SQLite from reading the whole tenant in order of id for one document's few points.
    const id = plan.sourceId !== undefined && plan.documentId !== undefined ? "+id" : "id";
    const rows = this.#connection.iterate(
      `SELECT * FROM points ${vectorJoin(includeVectors)} WHERE ${where} AND ${id} > ? ORDER BY ${id}`,
      ...parameters,
      after ?? "",
    );
    const page: WirePoint[] = [];
    for (const row of rows) {
      if (passes(row, plan)) page.push(toWirePoint(row, partition, includeVectors));
      if (page.length === limit) break;
    }
    return page;
  }

  count(partition: Partition, plan: SelectorPlan): number {
    const { where, parameters } = conditions(partition, plan);
    if (plan.filter.kind === "all") {
      const row = this.#connection.one(`SELECT count(*) AS points FROM points WHERE ${where}`, ...parameters);
      return integer(row, "points");
    }
    return this.select(partition, plan).length;
  }

  /** Returns the row id and id of every selected point. */
  select(partition: Partition, plan: SelectorPlan): readonly RowKey[] {
    return Array.from(this.#chosen(partition, plan), (row) => ({
      point: integer(row, "point"),
      id: text(row, "id"),
    }));
  }

  /** Every chosen point's id and metadata, in no order. */
  *metadata(
    partition: Partition,
    plan: SelectorPlan,
  ): Iterable<{ readonly id: string; readonly metadata: Metadata }> {
    for (const row of this.#chosen(partition, plan))
      yield { id: text(row, "id"), metadata: readMetadata(text(row, "metadata")) };
  }

  *#chosen(partition: Partition, plan: SelectorPlan): Iterable<Row> {
    const { where, parameters } = conditions(partition, plan);
    const rows = this.#connection.iterate(
      `SELECT point, id, source, document, chunk_index, metadata FROM points WHERE ${where}`,
      ...parameters,
    );
    for (const row of rows) if (passes(row, plan)) yield row;
  }
}

function columns(content: PointContent): readonly [number, number, string, string, number, string, string] {
  const { version, sequence, chunk, metadata } = content;
  return [
    version,
    sequence,
    toTextKey(chunk.sourceId),
    toTextKey(chunk.documentId),
    chunk.index,
    JSON.stringify(chunk),
    JSON.stringify(metadata),
  ];
}

function vectorJoin(includeVectors: boolean): string {
  return includeVectors ? "JOIN vectors USING (point)" : "";
}

/** Returns the conditions that SQL can decide by its indexes. {@link passes} decides the filter. */
function conditions(
  { collection, tenant }: Partition,
  { sourceId, documentId, index }: SelectorPlan,
): { readonly where: string; readonly parameters: readonly (string | number)[] } {
  const parts = ["collection = ?", "tenant = ?"];
  const parameters: (string | number)[] = [collection.key, tenant];
  if (sourceId !== undefined) {
    parts.push("source = ?");
    parameters.push(toTextKey(sourceId));
  }
  if (documentId !== undefined) {
    parts.push("document = ?");
    parameters.push(toTextKey(documentId));
  }
  if (index !== undefined) {
    parts.push("chunk_index = ?");
    parameters.push(index);
  }
  return { where: parts.join(" AND "), parameters };
}

function passes(row: Row, { test }: SelectorPlan): boolean {
  if (test === undefined) return true;
  const metadata = readMetadata(text(row, "metadata"));
  return test({
    sourceId: fromTextKey(text(row, "source")),
    documentId: fromTextKey(text(row, "document")),
    index: integer(row, "chunk_index"),
    metadata,
  });
}

function toWirePoint(row: Row, { collection }: Partition, includeVectors: boolean): WirePoint {
  const point: WirePoint = {
    id: text(row, "id"),
    version: integer(row, "version"),
    chunk: text(row, "chunk"),
    metadata: text(row, "metadata"),
  };
  if (!includeVectors) return point;
  const dense = bytes(row, "dense");
  return {
    ...point,
    ...(dense && { dense: decodeDense(dense) }),
    ...(collection.spec.sparse && { sparse: decodeSparse(bytes(row, "sparse")) }),
  };
}
