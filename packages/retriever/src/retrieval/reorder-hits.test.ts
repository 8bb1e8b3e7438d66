import { ConfigurationError, UnsupportedError, type RetrieveOptions } from "@binnacle/core";
import { checkFeature } from "@binnacle/core/stores";
import { FakeEmbedder } from "@binnacle/core/testing";
import { expect, test } from "vitest";
import { MemoryCache } from "../caches/memory/index.ts";
import { createBm25Encoder } from "../sparse/index.ts";
import { createCachedRetriever } from "./cached/index.ts";
import { createRetriever } from "./create-retriever.ts";
import { indexed, textDocument } from "./fixtures/indexed.ts";

const words = ["harbour", "tide", "rope", "sail", "anchor", "bread", "oven", "salt"];
const pages = words.map((word, i) =>
  textDocument(`${word}.txt`, `${word} ${words[(i + 1) % 8]} tide number ${i}`, {
    metadata: { kind: i % 2 === 0 ? "log" : "letter", year: 2000 + i },
  }),
);
const fields = { kind: "keyword", year: "integer" } as const;
const embedder = new FakeEmbedder({ dimensions: 64 });

async function make(settings: object = {}) {
  const { store, index } = await indexed(pages, { embedder, fields });
  const retriever = createRetriever({ store, index, limit: 8, mergeNeighbours: false, ...settings });
  const collection = store.collection(index.name);
  const ids = async (query: string, options: RetrieveOptions = {}): Promise<readonly string[]> =>
    (await retriever.retrieve(query, options)).passages.flatMap(({ hits }) => hits.map(({ id }) => id));
  return { store, index, retriever, collection, ids };
}

/** The legs of a query, as the retriever makes them. */
async function legsOf(text: string) {
  const [dense] = (await embedder.embed([text], { role: "query" })).outcomes;
  const [sparse] = await createBm25Encoder().encode([text], { role: "query" });
  if (!(dense instanceof Float32Array) || sparse === undefined) throw new Error("no query vectors");
  return [{ dense }, { sparse }] as const;
}

test.each<[what: string, options: RetrieveOptions]>([
  ["boosts", { boost: [{ when: { kind: "letter" }, add: 0.5 }] }],
  ["a decay", { boost: [{ field: "year", decay: { target: 2007, halfAt: 1, add: 1 } }] }],
  ["diversity", { diversity: 0.7 }],
  [
    "boosts and diversity",
    { boost: [{ when: { year: { $gte: 2004 } }, add: -0.2 }], diversity: 0.4, filter: { kind: "log" } },
  ],
])("orders and scores by %s as the store does (Q57)", async (_, { boost, diversity, filter }) => {
  const { retriever, collection } = await make({ fusion: { kind: "rrf" } });
  const { passages } = await retriever.retrieve("tide rope", { boost, diversity, filter });
  const mmr = diversity === undefined ? undefined : { diversity };
  const hits = await collection.search({ legs: await legsOf("tide rope"), limit: 8, boost, mmr, filter });
  const facts = passages.flatMap((passage) => passage.hits).map(({ id, score }) => [id, score]);
  expect(facts).toEqual(hits.map(({ id, score }) => [id, score]));
  expect(facts.length).toBeGreaterThan(3);
});

test("moves a boosted passage to the first place, and reports the boosted score", async () => {
  const { retriever } = await make();
  const plain = await retriever.retrieve("tide");
  const boost = [{ when: { year: 2005 }, add: 1 }] as const;
  const [first] = (await retriever.retrieve("tide", { boost })).passages;
  expect(first?.documentId).toBe("bread.txt");
  const before = plain.passages.find(({ documentId }) => documentId === "bread.txt")?.score ?? 0;
  expect(first?.score).toBeCloseTo(before + 1, 9);
});

test("finds passages that resemble points, without the points and without a question (Q57)", async () => {
  const { retriever, collection, ids } = await make();
  const [seed = "", other = ""] = await ids("harbour");
  const alike = await retriever.retrieve("", { like: [seed], unlike: [other] });
  const hits = await collection.search({ legs: [{ like: [seed], unlike: [other] }], limit: 8 });
  expect(alike.passages.flatMap((passage) => passage.hits.map(({ id }) => id))).toEqual(
    hits.map(({ id }) => id),
  );
  expect(alike.trace).toMatchObject({ mode: "like", legs: [{ kind: "like", found: 6 }] });
});

test("fuses likeness with the question, and returns no seed in any leg", async () => {
  const { retriever, collection, ids } = await make({ fusion: { kind: "rrf", k: 5, weights: [0, 2] } });
  const [seed = ""] = await ids("tide rope");
  const { passages, trace } = await retriever.retrieve("tide rope", { like: [seed] });
  const hits = await collection.search({
    legs: [...(await legsOf("tide rope")), { like: [seed] }],
    fusion: { kind: "rrf", k: 5, weights: [0, 2, 1] },
    limit: 8,
  });
  expect(trace.legs.map(({ kind }) => kind)).toEqual(["dense", "lexical", "like"]);
  expect(passages.flatMap((passage) => passage.hits.map(({ id }) => id))).toEqual(hits.map(({ id }) => id));
  expect(passages.some((passage) => passage.hits.some(({ id }) => id === seed))).toBe(false);
});

test.each<[what: string, options: object, message: RegExp]>([
  ["a diversity above 1", { diversity: 1.1 }, /diversity/],
  ["unlike alone", { unlike: ["a"] }, /unlike: has no effect without `like`/],
  ["no seed", { like: [] }, /like/],
  ["a boost of an undeclared field", { boost: [{ when: { colour: "red" }, add: 1 }] }, /colour/],
  ["a boost without a condition", { boost: [{ add: 1 }] }, /boost\.0.*must have either/],
  ["too many boosts", { boost: Array.from({ length: 33 }, () => ({ when: {}, add: 1 })) }, /boost/],
])("refuses %s and names it", async (_, options, message) => {
  const { retriever } = await make();
  const failure = retriever.retrieve("tide", options);
  await expect(failure).rejects.toThrow(message);
  await expect(failure).rejects.toBeInstanceOf(ConfigurationError);
});

test("refuses diversity without dense vectors, and likeness if the store lacks it", async () => {
  const lexical = await indexed(pages, { fields });
  await expect(createRetriever(lexical).retrieve("tide", { diversity: 0.5 })).rejects.toThrow(
    /`diversity` compares dense vectors/,
  );
  const { store, index } = await indexed(pages, { embedder, fields });
  const refusing = {
    ...store.collection(index.name),
    searchMany: async () => checkFeature("search", "like", []),
  };
  const narrow = createRetriever({ store: Object.assign(store, { collection: () => refusing }), index });
  await expect(narrow.retrieve("tide", { like: ["a"] })).rejects.toBeInstanceOf(UnsupportedError);
});

test("caches results with and without boosts under different keys", async () => {
  const { store, index, retriever } = await make();
  const given = { cache: new MemoryCache(), store, collection: index.name, settings: {} };
  const cached = createCachedRetriever(retriever, given);
  for (const options of [{}, { diversity: 0.9 }, { boost: [{ when: { year: 2005 }, add: 1 }] }, {}]) {
    const [direct, found] = await Promise.all(
      [retriever, cached].map((each) => each.retrieve("tide", options)),
    );
    expect(found?.passages).toEqual(direct?.passages);
    await cached.close();
  }
  expect(cached.stats()).toMatchObject({ hits: 1, misses: 3 });
});
