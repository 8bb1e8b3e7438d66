import { DatabaseSync } from "node:sqlite";
import { planSearch, resolveSpec } from "@binnacle/core/stores";
import { describe, expect, test, vi } from "vitest";
import { embeddedCapabilities } from "../../shared/embedded-capabilities.ts";
import { Connection } from "./connection.ts";
import type { Partition } from "./partition.ts";
import { RemovalTable } from "./removal-table.ts";
import { schema } from "./schema.ts";
import { TenantIndex } from "./tenant-index.ts";
import { encodeDense, encodeSparse } from "./vector-blob.ts";

const spec = resolveSpec(
  "test",
  {
    name: "pages",
    dense: { spaceId: "space", dimensions: 3 },
    sparse: { encoderId: "words" },
    fields: { page: "integer" },
  },
  embeddedCapabilities,
);
const partition: Partition = {
  collection: { key: 1, spec, incarnation: "one" },
  tenant: "mine",
  sequence: 1,
  nonce: "",
  forgotten: 0,
  unfenced: "",
};

/** Any bytes of a float32 but those of no number. */
function denseOf(page: number): Float32Array {
  return Float32Array.of(page + 1, -1 / (page + 1), 0);
}

/** A file with points of two tenants in turn. Every third point of ours has no term. */
function fileWith(count: number): Connection {
  const connection = new Connection(new DatabaseSync(":memory:"));
  connection.database.exec(schema);
  for (let i = 0; i < count * 2; i++) {
    const page = Math.floor(i / 2);
    const { lastId } = connection.run(
      `INSERT INTO points (collection, tenant, id, version, sequence, source, document, chunk, metadata)
       VALUES (1, ?, ?, 1, 1, 'source', 'document', '{}', ?)`,
      i % 2 === 0 ? "mine" : "theirs",
      `${i % 2 === 0 ? "mine" : "theirs"} "${page}"`,
      JSON.stringify({ page, note: 'a "quoted", note' }),
    );
    const sparse = { indices: Uint32Array.of(page, 0xffff_fff0), values: Float32Array.of(1, 2) };
    connection.run(
      "INSERT INTO vectors (point, dense, sparse) VALUES (?, ?, ?)",
      lastId,
      encodeDense(denseOf(page)),
      page % 3 === 0 ? null : encodeSparse(sparse),
    );
  }
  return connection;
}

function read(connection: Connection, grown: (index: TenantIndex) => void = () => {}): TenantIndex {
  const index = new TenantIndex(connection, partition, grown);
  index.catchUp(partition, new RemovalTable(connection));
  return index;
}

describe("an index read from a file", () => {
  test("has the dense vectors of all points of its tenant, and of no other", () => {
    const { index } = read(fileWith(700));
    expect(index.size).toBe(700);
    for (const page of [0, 1, 254, 255, 256, 699])
      expect(index.dense(`mine "${page}"`)).toEqual(denseOf(page));
    expect(index.dense('theirs "0"')).toBeUndefined();
  });

  test("has the terms after they were asked for", () => {
    const loaded = read(fileWith(700));
    expect(loaded.index.termStatistics(Uint32Array.of(0xffff_fff0)).points).toBe(0);
    loaded.readTerms();
    expect(loaded.index.termStatistics(Uint32Array.of(0xffff_fff0, 4))).toMatchObject({
      points: 700,
      terms: [{ containing: 466 }, { containing: 1 }],
    });
    expect(loaded.index.sparse('mine "4"')?.indices).toEqual(Uint32Array.of(4, 0xffff_fff0));
    expect(loaded.index.sparse('mine "3"')?.indices).toEqual(new Uint32Array());
  });

  test("reads metadata only for a search that needs it, and then once", () => {
    const connection = fileWith(300);
    const { index } = read(connection);
    const asked = vi.spyOn(connection, "one");
    const find = (filter?: { page: number }): readonly string[] =>
      index
        .search(
          planSearch(
            { legs: [{ dense: denseOf(7) }], limit: 1, filter },
            spec,
            embeddedCapabilities.features,
          ),
        )
        .map(({ point }) => point.id);
    expect(find()).toHaveLength(1);
    expect(asked).not.toHaveBeenCalled();
    expect(find({ page: 299 })).toEqual(['mine "299"']);
    const calls = asked.mock.calls.length;
    expect(calls).toBeGreaterThan(0);
    expect(find({ page: 3 })).toEqual(['mine "3"']);
    expect(asked).toHaveBeenCalledTimes(calls);
  });

  test("counts terms and metadata as its bytes when it reads them", () => {
    const grown = vi.fn();
    const loaded = read(fileWith(10), grown);
    const before = loaded.bytes;
    loaded.readTerms();
    const withTerms = loaded.bytes;
    expect(withTerms).toBeGreaterThan(before);
    expect(loaded.index.get('mine "1"')?.metadata).toEqual({ page: 1, note: 'a "quoted", note' });
    expect(loaded.bytes).toBeGreaterThan(withTerms);
    expect(grown).toHaveBeenCalledTimes(4); // before the first load too
  });

  test("tells the size of the whole index before it takes memory for vectors", () => {
    const connection = fileWith(700);
    const asked = vi.spyOn(connection, "one");
    const refuse = ({ bytes }: TenantIndex): void => {
      throw new Error(`${bytes} bytes`);
    };
    expect(() => read(connection, refuse)).toThrow(`${700 * (1000 + 5 * 3)} bytes`);
    expect(asked).toHaveBeenCalledTimes(1);
  });

  test("refuses vectors of another length", () => {
    const connection = fileWith(10);
    connection.run("UPDATE vectors SET dense = ? WHERE point = 5", new Uint8Array(11));
    expect(() => read(connection)).toThrow(expect.objectContaining({ code: "file_corrupt" }));
  });

  test("finds the ids by an index alone, without reading the chunks", () => {
    const connection = fileWith(1);
    const asked = vi.spyOn(connection, "one");
    read(connection);
    const [sql = "", ...parameters] = asked.mock.calls[0] ?? [];
    const plan = connection.all(`EXPLAIN QUERY PLAN ${sql}`, ...parameters);
    expect(plan.map((row) => row["detail"]).join()).toContain("COVERING INDEX points_by_id");
  });
});
