import { DatabaseSync } from "node:sqlite";
import { planSelector } from "@binnacle/core/stores";
import { expect, test, vi } from "vitest";
import type { Partition } from "./partition.ts";
import { Connection } from "./connection.ts";
import { PointTable } from "./point-table.ts";
import { schema } from "./schema.ts";

const partition: Partition = {
  collection: {
    key: 1,
    spec: {
      name: "pages",
      sparse: { encoderId: "words", idf: "bm25", idfScope: "tenant" },
      fields: {},
      tenancy: "none",
    },
    incarnation: "one",
  },
  tenant: "",
  sequence: 0,
  nonce: "",
  forgotten: 0,
  unfenced: "",
};

/** Returns how SQLite would find the rows of a page. */
function planOf(selector: { sourceId?: string; documentId?: string }): string {
  const connection = new Connection(new DatabaseSync(":memory:"));
  connection.database.exec(schema);
  const asked = vi.spyOn(connection, "iterate");
  const options = { limit: 10, includeVectors: true };
  new PointTable(connection).page(partition, planSelector(selector, {}), options);
  const [sql = "", ...parameters] = asked.mock.calls[0] ?? [];
  return connection
    .all(`EXPLAIN QUERY PLAN ${sql}`, ...parameters)
    .map((row) => row["detail"])
    .join("\n");
}

test("finds a document's points by the document, without reading the whole collection", () => {
  expect(planOf({ sourceId: "folder", documentId: "page.md" })).toMatch(
    /points_by_document \(collection=\? AND tenant=\? AND source=\? AND document=\?\)/,
  );
});

test("continues pages of a collection or source by id, without sorting earlier rows", () => {
  expect(planOf({})).toContain("points_by_id (collection=? AND tenant=? AND id>?)");
  expect(planOf({ sourceId: "folder" })).not.toContain("TEMP B-TREE");
});
