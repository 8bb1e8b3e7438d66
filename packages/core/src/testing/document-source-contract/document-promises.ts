import assert from "node:assert/strict";
import type { OutlineNode } from "../../spec/document.ts";
import { loaded, readAll, upserts, type SourcePromise } from "./source-subject.ts";

/** Promises about loaded documents. */
export const documentPromises: readonly SourcePromise[] = [
  [
    "loads each shown document under its id, even after the end and more than once",
    async ({ source }) => {
      for (const change of upserts(await readAll(source))) {
        const document = await loaded(change);
        assert.equal(document.id, change.documentId);
        assert.match(document.mediaType ?? "text/plain", /^[\w.+-]+\/[\w.+-]+$/);
        assert.deepEqual(await change.load(), document);
      }
    },
  ],
  [
    "returns metadata that survives JSON unchanged",
    async ({ source }) => {
      for (const change of upserts(await readAll(source))) {
        const { metadata } = await loaded(change);
        assert.deepEqual(JSON.parse(JSON.stringify(metadata)), metadata);
      }
    },
  ],
  [
    "returns outlines within the text, in order, whose nodes nest or do not overlap and contain their headers",
    async ({ source }) => {
      for (const change of upserts(await readAll(source))) {
        const { text, outline = [] } = await loaded(change);
        checkOutline(outline, text.length);
      }
    },
  ],
  [
    "rejects an aborted load with the signal's own reason",
    async ({ source }) => {
      const reason = { why: "the caller left" };
      const [change] = upserts(await readAll(source));
      assert.ok(change);
      await assert.rejects(change.load({ signal: AbortSignal.abort(reason) }), (error) => error === reason);
    },
  ],
];

function checkOutline(outline: readonly OutlineNode[], length: number): void {
  const open: OutlineNode[] = [];
  let lastStart = 0;
  for (const node of outline) {
    assert.ok(lastStart <= node.start && node.start <= node.end && node.end <= length, JSON.stringify(node));
    lastStart = node.start;
    while (open.length > 0 && (open.at(-1)?.end ?? 0) <= node.start) open.pop();
    assert.ok(node.end <= (open.at(-1)?.end ?? length), `${JSON.stringify(node)} crosses the one before it`);
    const { start, end } = node.header ?? node;
    assert.ok(node.start <= start && start <= end && end <= node.end, `${JSON.stringify(node)}: header`);
    open.push(node);
  }
}
