import assert from "node:assert/strict";
import type { UpsertChange } from "../../spec/document-source.ts";
import { isListed, readAll, upserts, type SourcePromise } from "./source-subject.ts";

/** Promises about listings. */
export const listingPromises: readonly SourcePromise[] = [
  [
    "shows every document once and then ends",
    async ({ source, documentIds }) => {
      const shown = upserts(await readAll(source)).map((change) => change.documentId);
      assert.deepEqual(shown.toSorted(), documentIds.toSorted());
    },
  ],
  [
    "reports start and completion of each scope's listing if it lists, and neither if it does not",
    async ({ source, lists }) => {
      const changes = await readAll(source);
      const scopes = new Set(upserts(changes).map((change) => change.scope));
      for (const scope of scopes) {
        const states = changes.flatMap((change) =>
          change.type === "listing" && change.scope === scope ? [change.state] : [],
        );
        assert.deepEqual(states, lists ? ["started", "complete"] : []);
      }
    },
  ],
  [
    "names its scopes before a listing is complete and lists each of them, or names no scope if it does not list",
    async ({ source, lists }) => {
      const changes = await readAll(source);
      const named = changes.findIndex(({ type }) => type === "scopes");
      const complete = changes.findIndex(
        (change) => change.type === "listing" && change.state === "complete",
      );
      assert.deepEqual([named >= 0, named < complete], [lists, lists]);
      for (const change of changes)
        if (change.type === "scopes")
          for (const scope of change.scopes) assert.ok(isListed(changes, scope), scope);
    },
  ],
  [
    "shows documents only while the listing of their scope is open",
    async ({ source, lists }) => {
      const open = new Set<string>();
      for (const change of await readAll(source)) {
        if (change.type === "listing" && change.state === "started") open.add(change.scope);
        else if (change.type === "listing") open.delete(change.scope);
        else if (change.type === "upsert") assert.equal(open.has(change.scope), lists, change.documentId);
      }
      assert.deepEqual([...open], []);
    },
  ],
  [
    "has an id, and shows unchanged documents with the same versions, in any order",
    async ({ source }) => {
      const { id } = source;
      assert.notEqual(id, "");
      const [first, second] = [upserts(await readAll(source)), upserts(await readAll(source))];
      assert.deepEqual(second.map(identity).toSorted(), first.map(identity).toSorted());
      assert.ok(first.every(({ version }) => version !== ""));
      assert.equal(source.id, id);
    },
  ],
  [
    "shows all documents to each of two simultaneous readers",
    async ({ source, documentIds }) => {
      const both = await Promise.all([readAll(source), readAll(source)]);
      for (const changes of both) assert.equal(upserts(changes).length, documentIds.length);
    },
  ],
];

function identity({ documentId, scope, version }: UpsertChange): string {
  return JSON.stringify([documentId, scope, version]);
}
