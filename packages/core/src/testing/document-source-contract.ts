import assert from "node:assert/strict";
import type { Document, OutlineNode } from "../spec/document.ts";
import type { ChangesOptions, DocumentSource, SourceChange, UpsertChange } from "../spec/document-source.ts";
import { contractCases, type ContractCase } from "./contract-case.ts";

/** A source with a known content that nobody changes while it is tested. */
export interface DocumentSourceSubject {
  readonly source: DocumentSource;
  /** What a complete read shows: two documents at least, all of them readable. */
  readonly documentIds: readonly string[];
  /** Whether the source knows when it has shown everything, so that missing documents may be removed. */
  readonly lists: boolean;
  /** Releases what the subject needed. */
  dispose(): Promise<void>;
}

type Promised = readonly [name: string, body: (subject: DocumentSourceSubject) => Promise<void>];

/** The promises that every document source keeps. */
export function documentSourceContract(
  create: () => Promise<DocumentSourceSubject>,
): readonly ContractCase[] {
  return contractCases(create, (subject) => subject.dispose(), [...listing, ...documents, ...leaving]);
}

const once: ChangesOptions = { follow: false };

const listing: readonly Promised[] = [
  [
    "shows every document once, and then ends",
    async ({ source, documentIds }) => {
      const shown = upserts(await readAll(source)).map((change) => change.documentId);
      assert.deepEqual(shown.toSorted(), documentIds.toSorted());
    },
  ],
  [
    "a source that lists says where each scope begins and that it is complete; another says neither",
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
    "has a name, and gives unchanged documents the same versions in the same order each time",
    async ({ source }) => {
      const { id } = source;
      assert.notEqual(id, "");
      const [first, second] = [upserts(await readAll(source)), upserts(await readAll(source))];
      assert.deepEqual(second.map(identity), first.map(identity));
      assert.ok(first.every(({ version }) => version !== ""));
      assert.equal(source.id, id);
    },
  ],
  [
    "serves two readers at once, each the whole",
    async ({ source, documentIds }) => {
      const both = await Promise.all([readAll(source), readAll(source)]);
      for (const changes of both) assert.equal(upserts(changes).length, documentIds.length);
    },
  ],
];

const documents: readonly Promised[] = [
  [
    "loads the document that was shown, under its id, also after the end and more than once",
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
    "metadata survives JSON unchanged",
    async ({ source }) => {
      for (const change of upserts(await readAll(source))) {
        const { metadata } = await loaded(change);
        assert.deepEqual(JSON.parse(JSON.stringify(metadata)), metadata);
      }
    },
  ],
  [
    "an outline lies within the text, in order, its nodes nest or are disjoint, and headers lie within theirs",
    async ({ source }) => {
      for (const change of upserts(await readAll(source))) {
        const { text, outline = [] } = await loaded(change);
        checkOutline(outline, text.length);
      }
    },
  ],
  [
    "a load that is aborted rejects with the signal's own reason",
    async ({ source }) => {
      const reason = { why: "the caller left" };
      const [change] = upserts(await readAll(source));
      assert.ok(change);
      await assert.rejects(change.load({ signal: AbortSignal.abort(reason) }), (error) => error === reason);
    },
  ],
];

const leaving: readonly Promised[] = [
  [
    "an abort beforehand rejects with the signal's own reason, before anything is shown",
    async ({ source }) => {
      const reason = { why: "the caller left" };
      const changes = source.changes({ ...once, signal: AbortSignal.abort(reason) })[Symbol.asyncIterator]();
      await assert.rejects(changes.next(), (error) => error === reason);
      assert.equal((await changes.next()).done, true);
    },
  ],
  [
    "an abort on the way rejects the next pull",
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
    "a reader may leave after the first change, and another reads the whole",
    async ({ source, documentIds }) => {
      for await (const change of source.changes(once)) {
        assert.ok(change);
        break;
      }
      assert.equal(upserts(await readAll(source)).length, documentIds.length);
    },
  ],
  [
    "following shows everything first, and then waits until the signal fires",
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
];

async function readAll(source: DocumentSource): Promise<readonly SourceChange[]> {
  const changes: SourceChange[] = [];
  for await (const change of source.changes(once)) changes.push(change);
  return changes;
}

async function drain(changes: AsyncIterator<SourceChange>): Promise<void> {
  while ((await changes.next()).done !== true);
}

function upserts(changes: readonly SourceChange[]): readonly UpsertChange[] {
  return changes.filter((change) => change.type === "upsert");
}

function identity({ documentId, scope, version }: UpsertChange): readonly string[] {
  return [documentId, scope, version];
}

async function loaded(change: UpsertChange): Promise<Document> {
  const document = await change.load();
  assert.ok(document, `${change.documentId} is gone`);
  return document;
}

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
