import assert from "node:assert/strict";
import { BinnacleError } from "../../errors/binnacle-error.ts";
import type { SourceChange } from "../../spec/document-source.ts";
import { once, readAll, upserts, type SourcePromise } from "./source-subject.ts";

/** Promises about readers that leave, aborts and closing. */
export const leavingPromises: readonly SourcePromise[] = [
  [
    "rejects with the signal's own reason, before it shows anything, if the signal is already aborted",
    async ({ source }) => {
      const reason = { why: "the caller left" };
      const changes = source.changes({ ...once, signal: AbortSignal.abort(reason) })[Symbol.asyncIterator]();
      await assert.rejects(changes.next(), (error) => error === reason);
      assert.equal((await changes.next()).done, true);
    },
  ],
  [
    "rejects the next read after an abort",
    async ({ source }) => {
      const reason = { why: "the caller left" };
      const controller = new AbortController();
      const changes = source.changes({ ...once, signal: controller.signal })[Symbol.asyncIterator]();
      assert.equal((await changes.next()).done, false);
      controller.abort(reason);
      await assert.rejects(changes.next(), (error) => error === reason);
    },
  ],
  [
    "shows all documents to a new reader after another left early",
    async ({ source, documentIds }) => {
      for await (const change of source.changes(once)) {
        assert.ok(change);
        break;
      }
      assert.equal(upserts(await readAll(source)).length, documentIds.length);
    },
  ],
  [
    "shows everything first while followed, and then waits until the signal aborts",
    async ({ source, documentIds }) => {
      const reason = { why: "enough" };
      const controller = new AbortController();
      const changes = source.changes({ follow: true, signal: controller.signal })[Symbol.asyncIterator]();
      const awaited = new Set(documentIds);
      while (awaited.size > 0) {
        const { value, done } = await changes.next();
        assert.ok(done !== true, `ended before it had shown ${[...awaited].join(", ")}`);
        if (value.type === "upsert") awaited.delete(value.documentId);
      }
      const rest = drain(changes);
      controller.abort(reason);
      await assert.rejects(rest, (error) => error === reason);
    },
  ],
  [
    "loads documents even after their reader has left",
    async ({ source }) => {
      const [shown] = upserts(await readAll(source));
      assert.ok(shown);
      for await (const change of source.changes(once)) {
        if (change.type !== "upsert") continue;
        break;
      }
      assert.equal((await shown.load())?.id, shown.documentId);
    },
  ],
  [
    "closes twice if it holds resources, and then rejects with closed",
    async ({ source }) => {
      if (source.close === undefined) return;
      const [shown] = upserts(await readAll(source));
      await Promise.all([source.close(), source.close()]);
      const isClosed = (error: unknown): boolean =>
        BinnacleError.isInstance(error) && error.code === "closed";
      await assert.rejects(readAll(source), isClosed);
      assert.ok(shown);
      await assert.rejects(async () => shown.load(), isClosed);
    },
  ],
];

async function drain(changes: AsyncIterator<SourceChange>): Promise<void> {
  while ((await changes.next()).done !== true);
}
