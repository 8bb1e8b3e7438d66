import { BinnacleError, ConfigurationError, type SourceChange } from "@binnacle/core";
import { documentSourceContract } from "@binnacle/core/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
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

describe("listing", () => {
  test("lists an empty array completely", async () => {
    const changes = await readAll([], true);
    expect(changes.map(({ type }) => type)).toEqual(["scopes", "listing", "listing"]);
  });

  test("rejects a second read of an iterable that can be read only once", async () => {
    for (const documents of [faq.values(), oneByOne(faq), ReadableStream.from(faq)]) {
      const source = fromDocuments(documents, { id: "faq", complete: true });
      expect(await collect(source.changes({ follow: false }))).toHaveLength(5);
      const again = collect(source.changes({ follow: false }));
      await expect(again).rejects.toThrow(ConfigurationError);
      await expect(again).rejects.toThrow(/Pass a function/);
    }
  });

  test("shows the documents before a failure and breaks the listing off if the iterable is complete", async () => {
    const cause = new Error("connection lost");
    const changes = await readAll(failing(cause), true);
    expect(changes.map(({ type }) => type)).toEqual(["scopes", "listing", "upsert", "listing"]);
    expect(changes.at(-1)).toMatchObject({ state: "aborted", error: { code: "source_failed", cause } });
  });

  test("rejects with the failure as cause if the iterable is incomplete", async () => {
    const cause = new Error("connection lost");
    await expect(readAll(failing(cause), false)).rejects.toMatchObject({ code: "source_failed", cause });
  });

  test("reports an id that occurs twice and keeps the first document", async () => {
    const changes = await readAll(
      [...faq, { id: "hours", text: "Closed.", mediaType: "text/plain", metadata: {} }],
      true,
    );
    const reported = changes.filter((change) => change.type === "unreadable");
    expect(reported).toMatchObject([{ documentId: "hours", error: { code: "duplicate_document" } }]);
    expect(BinnacleError.isInstance(reported[0]?.error)).toBe(true);
    expect(changes.filter((change) => change.type === "upsert")).toHaveLength(2);
  });

  test("reports a document without text, and breaks the listing off at a document without id", async () => {
    const rows = [{ id: "a", text: null, mediaType: "text/plain", metadata: {} }, { text: "b" }];
    const changes = await readAll(JSON.parse(JSON.stringify(rows)), true);
    expect(changes).toMatchObject([
      { type: "scopes" },
      { type: "listing", state: "started" },
      { type: "unreadable", documentId: "a", error: { code: "invalid_document" } },
      { type: "listing", state: "aborted", error: { code: "invalid_configuration" } },
    ]);
  });

  test("requires both options, because a wrong default would delete documents", () => {
    const incomplete: object = { id: "" };
    expect(() => Reflect.apply(fromDocuments, undefined, [faq, incomplete])).toThrow(/id: .*complete: /);
  });
});

describe("version", () => {
  test("uses the given version, or one that changes with the document's content", async () => {
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

  test("keeps the version if only the order of metadata keys changes", () => {
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
});

describe("abort and deadline", () => {
  test("rejects on an abort even if the iterable is stuck", async () => {
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

  test("rejects with a timeout when the deadline passes", async () => {
    const source = fromDocuments(async function* (): AsyncGenerator<SourceDocument> {
    yield* faq;
    await new Promise(() => undefined);
  }, { id: "faq", complete: false }); // prettier-ignore
    const late = collect(source.changes({ follow: false, deadlineAt: Date.now() + 5 }));
    await expect(late).rejects.toMatchObject({ code: "timeout" });
  });

  test("closes the iterable when the caller leaves the loop", async () => {
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
