import { BinnacleError, ConfigurationError, type SourceChange } from "@binnacle/core";
import { documentSourceContract } from "@binnacle/core/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { documentHash } from "./document-hash.ts";
import { fromDocuments, type Documents } from "./from-documents.ts";
import type { SourceDocument } from "./shown-document.ts";

const faq: readonly SourceDocument[] = [
  { id: "hours", text: "Open from nine to five.", mediaType: "text/plain", metadata: { audience: "all" } },
  { id: "returns/ü", text: "", mediaType: "text/markdown", metadata: {}, title: "Returns" },
];

async function* oneByOne(documents: readonly SourceDocument[]): AsyncGenerator<SourceDocument> {
  for (const document of documents) yield await Promise.resolve(document);
}

const kinds: readonly (readonly [string, boolean, Documents | (() => Documents)])[] = [
  ["a complete array", true, faq],
  ["a complete function", true, () => oneByOne(faq)],
  ["an incomplete set", false, new Set(faq)],
];

for (const [kind, complete, documents] of kinds) {
  const create = () =>
    Promise.resolve({
      source: fromDocuments(documents, { id: "faq", complete }),
      documentIds: faq.map(({ id }) => id),
      lists: complete,
      dispose: () => Promise.resolve(),
    });
  for (const { name, run } of documentSourceContract(create)) test(`${kind}: ${name}`, run);
}

test("an empty array is a complete, empty listing", async () => {
  const changes = await readAll([], true);
  expect(changes.map(({ type }) => type)).toEqual(["scopes", "listing", "listing"]);
});

test("an iterable that can be read once is refused the second time, never taken for empty", async () => {
  for (const documents of [faq.values(), oneByOne(faq), ReadableStream.from(faq)]) {
    const source = fromDocuments(documents, { id: "faq", complete: true });
    expect(await collect(source.changes({ follow: false }))).toHaveLength(5);
    const again = collect(source.changes({ follow: false }));
    await expect(again).rejects.toThrow(ConfigurationError);
    await expect(again).rejects.toThrow(/pass a function/);
  }
});

test("a complete iterable that fails breaks the listing off; what came before is shown", async () => {
  const cause = new Error("connection lost");
  const changes = await readAll(failing(cause), true);
  expect(changes.map(({ type }) => type)).toEqual(["scopes", "listing", "upsert", "listing"]);
  expect(changes.at(-1)).toMatchObject({ state: "aborted", error: { code: "source_failed", cause } });
});

test("an incomplete iterable that fails rejects with the failure as its cause", async () => {
  const cause = new Error("connection lost");
  await expect(readAll(failing(cause), false)).rejects.toMatchObject({ code: "source_failed", cause });
});

test("an id given twice is reported, and the first document counts", async () => {
  const changes = await readAll(
    [...faq, { id: "hours", text: "Closed.", mediaType: "text/plain", metadata: {} }],
    true,
  );
  const reported = changes.filter((change) => change.type === "unreadable");
  expect(reported).toMatchObject([{ documentId: "hours", error: { code: "duplicate_document" } }]);
  expect(BinnacleError.isInstance(reported[0]?.error)).toBe(true);
  expect(changes.filter((change) => change.type === "upsert")).toHaveLength(2);
});

test("a document without text is reported, one without id breaks the listing off", async () => {
  const rows = [{ id: "a", text: null, mediaType: "text/plain", metadata: {} }, { text: "b" }];
  const changes = await readAll(JSON.parse(JSON.stringify(rows)), true);
  expect(changes).toMatchObject([
    { type: "scopes" },
    { type: "listing", state: "started" },
    { type: "unreadable", documentId: "a", error: { code: "invalid_document" } },
    { type: "listing", state: "aborted", error: { code: "invalid_configuration" } },
  ]);
});

test("the version is the given one, or else changes with anything the document says", async () => {
  const [document] = faq;
  if (document === undefined) throw new Error("no document");
  expect(await versionOf({ ...document, version: "7" })).toBe("7");
  const versions = [
    document,
    { ...document, text: "Open from ten to five." },
    { ...document, mediaType: "text/markdown" },
    { ...document, title: "Hours" },
    { ...document, uri: "https://example.org/hours" },
    { ...document, metadata: { audience: "staff" } },
    { ...document, outline: [{ start: 0, end: 4, path: ["Hours"], kind: "section" }] },
    { ...document, media: [{ mediaType: "image/png", data: Uint8Array.of(1) }] },
    { ...document, media: [{ mediaType: "image/png", data: Uint8Array.of(2) }] },
  ];
  expect(new Set(await Promise.all(versions.map(versionOf))).size).toBe(versions.length);
});

test("the order of metadata keys does not change the version", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (values) => {
      const document = { id: "a", text: "", mediaType: "text/plain" };
      const metadata = JSON.parse(JSON.stringify(values));
      const reversed = Object.fromEntries(Object.entries(metadata).reverse());
      const reversedMetadata = JSON.parse(JSON.stringify(reversed));
      expect(documentHash({ ...document, metadata: reversedMetadata })).toBe(
        documentHash({ ...document, metadata }),
      );
    }),
  );
});

test("an abort reaches a reader whose iterable is stuck", async () => {
  const controller = new AbortController();
  async function* stuck(): AsyncGenerator<SourceDocument> {
    yield* faq;
    await new Promise(() => undefined);
  }
  const source = fromDocuments(stuck, { id: "faq", complete: true });
  const changes = source.changes({ follow: false, signal: controller.signal })[Symbol.asyncIterator]();
  for (let i = 0; i < 3; i++) await changes.next();
  const waiting = changes.next();
  controller.abort("enough");
  await expect(waiting).rejects.toBe("enough");
});

test("a deadline ends the wait with a timeout", async () => {
  const source = fromDocuments(async function* (): AsyncGenerator<SourceDocument> {
    yield* faq;
    await new Promise(() => undefined);
  }, { id: "faq", complete: false }); // prettier-ignore
  const late = collect(source.changes({ follow: false, deadlineAt: Date.now() + 5 }));
  await expect(late).rejects.toMatchObject({ code: "timeout" });
});

test("leaving the loop closes the iterable", async () => {
  let isClosed = false;
  async function* closing(): AsyncGenerator<SourceDocument> {
    try {
      yield* faq;
    } finally {
      isClosed = true;
    }
  }
  const source = fromDocuments(closing, { id: "faq", complete: true });
  for await (const change of source.changes({ follow: false })) if (change.type === "upsert") break;
  expect(isClosed).toBe(true);
});

test("options are required: the wrong default would delete", () => {
  const incomplete: object = { id: "" };
  expect(() => Reflect.apply(fromDocuments, undefined, [faq, incomplete])).toThrow(/id: .*complete: /);
});

function readAll(documents: Documents, complete: boolean): Promise<SourceChange[]> {
  return collect(fromDocuments(documents, { id: "faq", complete }).changes({ follow: false }));
}

async function* failing(cause: Error): AsyncGenerator<SourceDocument> {
  yield* faq.slice(0, 1);
  throw cause;
}

async function versionOf(document: SourceDocument): Promise<string | undefined> {
  const [change] = await readAll([document], false);
  return change?.type === "upsert" ? change.version : undefined;
}

async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const value of values) collected.push(value);
  return collected;
}
