import type { Document, DocumentSource, Filter, JsonValue, Metadata, Retriever } from "@binnacle/core";
import { expectTypeOf, test } from "vitest";
import { z } from "zod";
import { createExtractiveAnswerer } from "../../answering/create-extractive-answerer.ts";
import { createRetriever } from "../../retrieval/create-retriever.ts";
import { fromDocuments } from "../../sources/documents/index.ts";
import { FolderSource } from "../../sources/folder/index.ts";
import { createBm25Encoder } from "../../sparse/index.ts";
import { MemoryStore } from "../../stores/memory/index.ts";
import { createIndexer, type Indexer } from "../create-indexer.ts";
import { defineIndex } from "./define-index.ts";
import { paragraphChunker } from "../fixtures/paragraph-chunker.ts";

const parts = { name: "typed", chunker: paragraphChunker, sparse: createBm25Encoder() };
const store = new MemoryStore();
const schema = z.object({ year: z.number(), team: z.string().default("none"), tags: z.array(z.string()) });

/** What an indexer's `upsert` takes as metadata. */
type Written<I extends { upsert: (documents: never) => unknown }> = I extends Indexer<infer W> ? W : never;
type Filtered<R> = R extends Retriever<infer _M, infer F> ? F : never;

test("types documents by the input of a schema, and hits by its output", () => {
  const index = defineIndex({ ...parts, schema, fields: { year: "integer", tags: "keyword" } });
  const indexer = createIndexer({ store, index });
  const retriever = createRetriever({ store, index });
  expectTypeOf<Written<typeof indexer>>().toEqualTypeOf<z.input<typeof schema>>();
  expectTypeOf(retriever.retrieve).returns.resolves.toHaveProperty("passages");
  type Found = Awaited<ReturnType<typeof retriever.retrieve>>["passages"][number]["metadata"];
  expectTypeOf<Found>().toEqualTypeOf<z.output<typeof schema>>();
  expectTypeOf<Document<{ year: string; tags: string[] }>>().not.toExtend<
    Document<Written<typeof indexer>>
  >();
});

test("filters name declared fields only, with values of their types", () => {
  const index = defineIndex({ ...parts, schema, fields: { year: "integer", tags: "keyword" } });
  const retriever = createRetriever({ store, index });
  type F = Filter<Filtered<typeof retriever>>;
  expectTypeOf<{ year: { $gte: number } }>().toExtend<F>();
  expectTypeOf<{ tags: string }>().toExtend<F>();
  expectTypeOf<{ $not: { tags: string } }>().toExtend<F>();
  expectTypeOf<{ year: string }>().not.toExtend<F>();
  // @ts-expect-error -- `team` is in the schema, but not among the fields
  void ((): unknown => retriever.retrieve("q", { filter: { team: "a" } }));
  // @ts-expect-error -- no such field
  void ((): unknown => retriever.retrieve("q", { filter: { yaer: 1 } }));
  // @ts-expect-error -- nor within a group
  void ((): unknown => retriever.retrieve("q", { filter: { $or: [{ yaer: 1 }] } }));
  const answerer = createExtractiveAnswerer({ retriever });
  // @ts-expect-error -- nor of an answerer
  void ((): unknown => answerer.answer("q", { filter: { team: "a" } }));
  void ((): unknown => answerer.answer("q", { filter: { year: 2024 } }));
});

test("fields without a schema type documents, filters and hits, beside other keys", () => {
  const index = defineIndex({ ...parts, fields: { year: "integer", team: "keyword", open: "boolean" } });
  const indexer = createIndexer({ store, index });
  const retriever = createRetriever({ store, index });
  type W = Written<typeof indexer>;
  expectTypeOf<{ year: number; team: string[]; note: string }>().toExtend<W>();
  expectTypeOf<{ year: string }>().not.toExtend<W>();
  expectTypeOf<{ open: string }>().not.toExtend<W>();
  type Found = Awaited<ReturnType<typeof retriever.retrieve>>["passages"][number]["metadata"];
  expectTypeOf<Found["year"]>().toEqualTypeOf<number | readonly number[] | null | undefined>();
  expectTypeOf<Found["note"]>().toEqualTypeOf<JsonValue | undefined>();
  void ((): unknown => retriever.retrieve("q", { filter: { year: { $lt: 2024 }, open: true } }));
  // @ts-expect-error -- not declared
  void ((): unknown => retriever.retrieve("q", { filter: { note: "x" } }));
  // @ts-expect-error -- declared as a number
  void ((): unknown => retriever.retrieve("q", { filter: { year: "x" } }));
});

test("accepts any metadata and only the empty filter without schema and fields", () => {
  const index = defineIndex(parts);
  expectTypeOf(createIndexer({ store, index })).toEqualTypeOf<Indexer>();
  const retriever = createRetriever({ store, index });
  // @ts-expect-error -- nothing is declared
  void ((): unknown => retriever.retrieve("q", { filter: { year: 1 } }));
  void ((): unknown => retriever.retrieve("q", { filter: {} }));
});

test("fields that a schema does not have, or of another type, do not compile", () => {
  // @ts-expect-error -- no such key
  void ((): unknown => defineIndex({ ...parts, schema, fields: { yaer: "integer" } }));
  // @ts-expect-error -- a number is no keyword
  void ((): unknown => defineIndex({ ...parts, schema, fields: { year: "keyword" } }));
  // @ts-expect-error -- no such type
  void ((): unknown => defineIndex({ ...parts, fields: { year: "number" } }));
});

test("requires that a typed source fits the index, and checks a folder's front matter when it is read", () => {
  const index = defineIndex({ ...parts, fields: { year: "integer" } });
  const indexer = createIndexer({ store, index });
  const document = { id: "a", text: "x" };
  const options = { id: "rows", complete: true };
  const good = fromDocuments([{ ...document, metadata: { year: 1 } }], options);
  const bad = fromDocuments([{ ...document, metadata: { year: "1" } }], options);
  expectTypeOf(good).toEqualTypeOf<DocumentSource<{ year: number }>>();
  void ((): unknown => indexer.sync(good));
  void ((): unknown => indexer.sync(new FolderSource({ path: "." })));
  // @ts-expect-error -- the year is a string
  void ((): unknown => indexer.sync(bad));
  // @ts-expect-error -- and here
  void ((): unknown => indexer.upsert([{ ...document, metadata: { year: "1" } }]));
  void ((): unknown => indexer.upsert([{ ...document, metadata: { year: 1, other: true } }]));
  expectTypeOf<Metadata>().toExtend<Written<Indexer>>();
});

test("allows an index to be derived from another index by spreading", () => {
  const index = defineIndex({ ...parts, schema, fields: { year: "integer" } });
  const other = defineIndex({ ...index, name: "other" });
  expectTypeOf(createRetriever({ store, index: other })).toEqualTypeOf(createRetriever({ store, index }));
});
