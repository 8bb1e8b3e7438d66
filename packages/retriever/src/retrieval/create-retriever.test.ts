import { ConfigurationError, type Filter, type RetrieveOptions, type Retriever } from "@binnacle/core";
import { FakeEmbedder, retrieverContract } from "@binnacle/core/testing";
import fc from "fast-check";
import { describe, expect, expectTypeOf, inject, test } from "vitest";
import { z } from "zod";
import { createIndexer } from "../indexing/create-indexer.ts";
import { defineIndex } from "../indexing/options/define-index.ts";
import { MemoryManifest } from "../manifests/memory/index.ts";
import { createBm25Encoder } from "../sparse/index.ts";
import { MemoryStore } from "../stores/memory/index.ts";
import { narrowStore } from "../stores/memory/fixtures/narrow-store.ts";
import { createRetriever } from "./create-retriever.ts";
import { indexed, textDocument } from "./fixtures/indexed.ts";
import { similarContentPreset } from "./similar-content-preset.ts";

const fields = { kind: "keyword" } as const;

const words = ["harbour", "tide", "rope", "sail", "anchor", "bread", "oven", "salt"];
const pages = words.map((word, index) =>
  textDocument(`${word}.txt`, `${word} ${words[(index + 1) % 8]} ${words[(index * 3) % 8]} number ${index}`),
);

describe.each(["hybrid", "lexical", "dense"] as const)("%s retriever over a memory store", (mode) => {
  for (const { name, run } of retrieverContract(async (documents) => {
    const embedder = new FakeEmbedder({ dimensions: 256 });
    const { store, index } = await indexed(documents, { embedder, fields });
    const retriever: Retriever = createRetriever({ store, index, mode });
    return { retriever, close: () => store.close() };
  })) {
    test(name, run);
  }
});

describe("legs and thresholds", () => {
  test("ranks and scores by reciprocal ranks as the store's own fusion does", async () => {
    const embedder = new FakeEmbedder();
    const { store, index } = await indexed(pages, { embedder });
    const sparse = createBm25Encoder();
    const query = fc
      .array(fc.constantFrom(...words), { minLength: 1, maxLength: 4 })
      .map((list) => list.join(" "));
    const weights = fc.option(fc.tuple(fc.nat(3), fc.nat(3)), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(
        query,
        weights,
        fc.option(fc.double({ min: 0, max: 0.9, noNaN: true })),
        async (text, w, cut) => {
          const fusion = { kind: "rrf", k: 20, weights: w } as const;
          const minScore = { dense: cut ?? undefined };
          const retriever = createRetriever({
            store,
            index,
            fusion,
            minScore,
            mergeNeighbours: false,
            limit: 20,
          });
          const { passages } = await retriever.retrieve(text);
          const [dense] = (await embedder.embed([text], { role: "query" })).outcomes;
          const [terms] = await sparse.encode([text], { role: "query" });
          if (!(dense instanceof Float32Array) || terms === undefined) throw new Error("no query vectors");
          const hits = await store.collection(index.name).search({
            legs: [{ dense, minScore: minScore.dense }, { sparse: terms }],
            fusion,
            limit: 20,
            explain: true,
          });
          expect(
            passages.flatMap((passage) => passage.hits).map(({ id, score, legs }) => [id, score, legs]),
          ).toEqual(hits.map(({ id, score, legs }) => [id, score, legs]));
        },
      ),
      { numRuns: 40 * inject("propertyShare") },
    );
  });

  test("uses the caller's dense threshold, even 0, or else the embedder's suggestion (T28)", async () => {
    const plain = new FakeEmbedder();
    const suggesting = Object.assign(new FakeEmbedder(), {
      describe: async () => {
        const info = await plain.describe();
        return { ...info, space: { ...info.space, suggestedMinScore: 0.99 } };
      },
    });
    const { store, index } = await indexed(pages, { embedder: suggesting });
    const thresholds = async (dense?: number) => {
      const retriever = createRetriever({ store, index, mode: "dense", minScore: { dense } });
      const { trace, passages } = await retriever.retrieve("harbour tide");
      return [trace.legs[0]?.minScore, passages.length];
    };
    expect(await thresholds()).toEqual([0.99, 0]);
    expect((await thresholds(0))[0]).toBe(0);
    expect((await thresholds(0))[1]).toBe(8);
  });

  test("reports the hits that a threshold cut (T28)", async () => {
    const { store, index } = await indexed(pages, { embedder: new FakeEmbedder() });
    const retriever = createRetriever({ store, index, mode: "dense", minScore: { dense: 0.6 } });
    const { passages, trace } = await retriever.retrieve("harbour tide");
    expect(trace.legs).toEqual([{ kind: "dense", minScore: 0.6, found: 8, best: expect.any(Number) }]);
    const cut = trace.cuts.filter(({ reason }) => reason === "min_score");
    expect(cut.length).toBe(8 - passages.length);
    expect(cut.every(({ score }) => score < 0.6)).toBe(true);
  });

  test("returns up to ten single hits with the preset, all at or above 0.7 (Q44)", async () => {
    const near = Array.from({ length: 14 }, (_, i) => textDocument(`${i}.txt`, "anchor rope sail"));
    const { store, index } = await indexed([...near, ...pages], { embedder: new FakeEmbedder() });
    const { passages } = await createRetriever({ store, index, ...similarContentPreset }).retrieve(
      "anchor rope",
    );
    expect(passages).toHaveLength(10);
    expect(Math.min(...passages.map(({ score }) => score))).toBeGreaterThanOrEqual(0.7);
  });
});

describe("results", () => {
  test("fills a budget of tokens, with more hits than the default limit if they fit", async () => {
    const same = Array.from({ length: 20 }, (_, i) => textDocument(`${i}.txt`, `rope number ${i}`));
    const { store, index } = await indexed(same);
    const retriever = createRetriever({ store, index, maxTokens: 60 });
    const tokensOf = async (options?: RetrieveOptions): Promise<readonly number[]> => {
      const { passages } = await retriever.retrieve("rope", options);
      return passages.flatMap(({ hits }) => hits.map(({ chunk }) => chunk.tokens));
    };
    const filled = await tokensOf();
    expect(filled.length).toBeGreaterThan(8);
    expect(filled.reduce((sum, tokens) => sum + tokens, 0)).toBeLessThanOrEqual(60);
    const [first = 0] = await tokensOf({ maxTokens: 10 });
    expect(first).toBeGreaterThan(0);
    expect(await tokensOf({ maxTokens: 10 })).toHaveLength(Math.floor(10 / first));
    expect(await tokensOf({ limit: 3 })).toHaveLength(3);
  });

  test("returns neighbouring chunks of one document as one exact passage", async () => {
    const text = Array.from({ length: 12 }, (_, i) => `Sentence ${i} tells of the lighthouse keeper.`).join(
      " ",
    );
    const { store, index } = await indexed([textDocument("keeper.txt", text)]);
    const { passages } = await createRetriever({ store, index, limit: 20 }).retrieve("lighthouse keeper");
    expect(passages.map(({ start, end, text }) => [start, end, text])).toEqual([[0, text.length, text]]);
    expect(passages[0]?.hits.length).toBeGreaterThan(1);
  });

  test("searches for the stop words of a question that has no other words (L5)", async () => {
    const { store, index } = await indexed([...pages, textDocument("it.txt", "IT runs the help desk.")]);
    const retriever = createRetriever({ store, index });
    const none = await retriever.retrieve("who are they?", { evidence: true });
    expect(none.passages).toEqual([]);
    expect(none.trace).toMatchObject({ legs: [{ kind: "lexical", found: 0 }] });
    expect(none.trace.terms?.map(({ term, known }) => [term, known])).toEqual([
      ["who", false],
      ["are", false],
      ["they", false],
    ]);
    const { passages } = await retriever.retrieve("What is IT?");
    expect(passages.map(({ documentId }) => documentId)).toEqual(["it.txt"]);
  });

  test.each([
    ["email", "Send an e-mail."],
    ["e-mail", "Send an email."],
    ["python3", "Install Python 3 now."],
    ["getUserById", "Here get_user_by_id reads."],
  ])("traces %s in %j in either form (L6)", async (query, text) => {
    const { store, index } = await indexed([...pages, textDocument("this.txt", text)]);
    const { trace } = await createRetriever({ store, index }).retrieve(query, { evidence: true });
    const terms = trace.terms ?? [];
    expect(terms.length).toBeGreaterThan(0);
    for (const { known, matches } of terms) expect([known, matches.length > 0]).toEqual([true, true]);
  });

  test("traces each term's IDF and matches if the caller asks for evidence", async () => {
    const documents = [textDocument("a.txt", "The tide rises."), textDocument("b.txt", "A tide of rope.")];
    const { store, index } = await indexed(documents);
    const { passages, trace } = await createRetriever({ store, index }).retrieve("Do tides carry ropes?", {
      evidence: true,
    });
    const idf = (n: number) => Math.log(1 + (2 - n + 0.5) / (n + 0.5));
    expect(trace.points).toBe(2);
    expect(trace.terms?.map(({ term, idf, known }) => [term, idf.toFixed(5), known])).toEqual([
      ["tides", idf(2).toFixed(5), true],
      ["carry", idf(0).toFixed(5), false],
      ["ropes", idf(1).toFixed(5), true],
    ]);
    const texts = trace.terms?.map(({ matches }) =>
      matches.map(({ passage, start, end }) => {
        const found = passages[passage];
        return found?.text.slice(start - found.start, end - found.start);
      }),
    );
    expect(texts).toEqual([["tide", "tide"], [], ["rope"]]);
  });
});

describe("checks", () => {
  test("traces no terms if the store has no term statistics", async () => {
    const { store, index } = await indexed(pages);
    const narrowed = {
      metrics: ["cosine"],
      maxDimensions: 8,
      sparse: true,
      idfScopes: [],
      sparseStatistics: "none",
      fences: "none",
      epochs: false,
    } as const;
    const retriever = createRetriever({ store: narrowStore(store, narrowed), index });
    const { passages, trace } = await retriever.retrieve("tide", { evidence: true });
    expect(passages.length).toBeGreaterThan(0);
    expect(trace.terms).toBeUndefined();
  });

  test("chooses the mode by the index and rejects a mode that the index cannot serve", async () => {
    const { store, index } = await indexed(pages);
    const { trace } = await createRetriever({ store, index }).retrieve("tide");
    expect(trace.mode).toBe("lexical");
    expect(() => createRetriever({ store, index, mode: "hybrid" })).toThrow(/needs an embedder.*defineIndex/);
  });

  test("rejects a collection that is missing or was made with another model or encoder, and names the way out", async () => {
    const embedder = new FakeEmbedder();
    const { store, index } = await indexed(pages, { embedder });
    const other = defineIndex({ ...index, embedder: new FakeEmbedder({ spaceId: "other" }) });
    const german = defineIndex({ ...index, sparse: createBm25Encoder({ language: "german" }) });
    const refused = (given: typeof index, in_ = store) =>
      createRetriever({ store: in_, index: given })
        .retrieve("tide")
        .catch((error: unknown) =>
          ConfigurationError.isInstance(error) ? [error.code, error.message] : error,
        );
    expect(await refused(other)).toEqual([
      "wrong_space",
      expect.stringMatching(/"fake".*"other".*Use the collection's model/),
    ]);
    expect(await refused(german)).toEqual([
      "wrong_encoder",
      expect.stringContaining("Use the collection's encoder"),
    ]);
    expect(await refused(index, new MemoryStore())).toEqual([
      "not_found",
      expect.stringContaining("createIndexer"),
    ]);
  });

  test("rejects the next question after the model changed its space", async () => {
    let spaceId = "first";
    const embedder = Object.assign(new FakeEmbedder(), {
      describe: () => new FakeEmbedder({ spaceId }).describe(),
      embed: (...given: Parameters<FakeEmbedder["embed"]>) => new FakeEmbedder({ spaceId }).embed(...given),
    });
    const { store, index } = await indexed(pages, { embedder });
    const retriever = createRetriever({ store, index });
    await retriever.retrieve("tide");
    spaceId = "second";
    await expect(retriever.retrieve("tide")).rejects.toMatchObject({ code: "wrong_space" });
  });

  test("rejects the next question after the collection was recreated with another encoder", async () => {
    const { store, index } = await indexed(pages);
    const retriever = createRetriever({ store, index });
    await retriever.retrieve("salt");
    await store.deleteCollection(index.name);
    const german = defineIndex({ ...index, sparse: createBm25Encoder({ language: "german" }) });
    await createIndexer({ store, index: german, manifest: new MemoryManifest() }).upsert(pages);
    await expect(retriever.retrieve("salt")).rejects.toMatchObject({ code: "wrong_encoder" });
  });

  test("types filters by the index's metadata", async () => {
    const schema = z.object({ year: z.number() });
    const typed = defineIndex({ ...(await indexed([])).index, schema, fields: { year: "integer" } });
    const retriever = createRetriever({ store: new MemoryStore(), index: typed });
    expectTypeOf(retriever).toEqualTypeOf<Retriever<{ year: number }>>();
    expectTypeOf<{ yaer: 1 }>().not.toExtend<Filter<{ year: number }>>();
    expectTypeOf(retriever.retrieve)
      .parameter(1)
      .toEqualTypeOf<RetrieveOptions<{ year: number }> | undefined>();
  });

  test("finds only its tenant's points", async () => {
    const { store, index } = await indexed(pages, { tenant: "north" });
    const ask = (tenant?: string) =>
      createRetriever({ store, index, tenant }).retrieve("tide", { evidence: true });
    expect((await ask("north")).passages.length).toBeGreaterThan(0);
    expect((await ask("south")).passages).toEqual([]);
    await expect(ask()).rejects.toMatchObject({ code: "tenant_required" });
  });

  test("rejects wrong options and names each", async () => {
    const { store, index } = await indexed(pages);
    const wrong = { store, index, limit: 0, treshold: 1 };
    expect(() => createRetriever(wrong)).toThrow(/limit.*treshold/s);
  });
});
