import { DatabaseSync } from "node:sqlite";
import type { ManifestListOptions } from "@binnacle/core";
import { expect, test, vi } from "vitest";
import { Connection } from "./connection.ts";
import { EntryTable } from "./entry-table.ts";
import { schema } from "./schema.ts";

/** Returns how SQLite would find the entries in a state. */
function planOf(query: Pick<ManifestListOptions, "scope" | "notSeenIn" | "state">, after?: string): string {
  const connection = new Connection(new DatabaseSync(":memory:"));
  connection.database.exec(schema);
  const asked = vi.spyOn(connection, "all");
  const of = { lease: 1, token: 1, incarnation: "one" };
  new EntryTable(connection).list(1, { of, ...query, after, limit: 10 });
  const [sql = "", ...parameters] = asked.mock.calls[0] ?? [];
  return connection
    .all(`EXPLAIN QUERY PLAN ${sql}`, ...parameters)
    .map((row) => row["detail"])
    .join("\n");
}

test("finds contents by their hashes without reading entries, and new contents by one query", () => {
  const connection = new Connection(new DatabaseSync(":memory:"));
  connection.database.exec(`${schema} INSERT INTO contents VALUES (1, 'x', 'd', 0)`);
  const asked = vi.spyOn(connection, "all");
  new EntryTable(connection).find(1, ["x", "new", "newer"]);
  const plans = [...asked.mock.calls].map(([sql, ...parameters]) =>
    connection.all(`EXPLAIN QUERY PLAN ${sql}`, ...parameters).map((row) => row["detail"]),
  );
  const byHash = expect.stringMatching(
    /SEARCH contents (?:EXISTS )?USING PRIMARY KEY \(lease=\? AND hash=\?\)/,
  );
  expect(plans).toEqual([
    expect.arrayContaining([byHash]),
    [byHash, expect.stringContaining("SEARCH entries USING PRIMARY KEY (lease=? AND document=?)")],
  ]);
});

test.each(["writing", "removing", "failed"] as const)(
  "finds the entries that are %s in order, without reading all that are stored",
  (state) => {
    for (const after of [undefined, "a"]) {
      expect(planOf({ state }, after)).toContain("entries_unsettled (lease=? AND state=?");
      expect(planOf({ state }, after)).not.toContain("TEMP B-TREE");
    }
  },
);

test("reads all entries, or those that are stored, in order of their documents", () => {
  for (const state of [undefined, "stored"] as const)
    expect(planOf({ state }, "a")).not.toContain("TEMP B-TREE");
});

test("finds the entries of a scope in order, without reading those of other scopes", () => {
  for (const query of [
    { scope: "s" },
    { scope: "s", notSeenIn: "l" },
    { scope: "s", state: "stored" },
  ] as const)
    for (const after of [undefined, "a"]) {
      expect(planOf(query, after)).toContain("SEARCH seen USING PRIMARY KEY (lease=? AND scope=?");
      expect(planOf(query, after)).not.toContain("TEMP B-TREE");
    }
});
