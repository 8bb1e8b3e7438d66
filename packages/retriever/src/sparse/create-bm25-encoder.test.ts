import { readFileSync } from "node:fs";
import { sparseEncoderContract } from "@binnacle/core/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { createBm25Encoder } from "./create-bm25-encoder.ts";

// As plain JavaScript passes it.
const raw = (value: unknown): ReturnType<typeof JSON.parse> => value;

for (const check of sparseEncoderContract(async () => createBm25Encoder())) test(check.name, check.run);

const recorded = z
  .object({
    documents: z.array(
      z.object({
        text: z.string(),
        vector: z.object({ indices: z.array(z.number()), values: z.array(z.number()) }),
      }),
    ),
    query: z.object({ text: z.string(), points: z.array(z.object({ id: z.number(), score: z.number() })) }),
  })
  .parse(JSON.parse(readFileSync(new URL("./fixtures/qdrant-bm25.json", import.meta.url), "utf8")));

for (const { text, vector } of recorded.documents) {
  test(`gives "${text}" the same terms and weights as Qdrant, to the last float32 digit`, async () => {
    const [encoded] = await createBm25Encoder().encode([text], { role: "document" });
    expect(encoded?.indices).toEqual(Uint32Array.from(vector.indices));
    expect(encoded?.values).toEqual(Float32Array.from(vector.values));
  });
}

test("gives each term of a query the weight 1, however often it occurs", async () => {
  const [query] = await createBm25Encoder().encode(["Dogs and a dog: lazy!"], { role: "query" });
  const lazyDogs = recorded.documents[1]?.vector;
  expect(query?.indices.length).toBe(2);
  expect(query?.values).toEqual(new Float32Array([1, 1]));
  expect([...(query?.indices ?? [])]).toEqual(lazyDogs?.indices);
});

test("cuts Chinese, Japanese and Korean into pairs and keeps Latin words between them whole", async () => {
  const encoder = createBm25Encoder();
  const [mixed, pairs, latin, single] = await encoder.encode(["GPU显存不足", "显存 存不 不足", "gpu", "显"], {
    role: "query",
  });
  const together = new Set([...(pairs?.indices ?? []), ...(latin?.indices ?? [])]);
  expect(new Set(mixed?.indices)).toEqual(together);
  expect(together.size).toBe(4);
  expect(single?.indices.length).toBe(1);
});

test("chooses the stemmer by the language", async () => {
  const german = createBm25Encoder({ language: "german" });
  const [plural, singular] = await german.encode(["Häuser", "Haus"], { role: "query" });
  expect(plural).toEqual(singular);
  const plain = createBm25Encoder({ language: "none" });
  const [foxes, fox] = await plain.encode(["foxes", "fox"], { role: "query" });
  expect(foxes).not.toEqual(fox);
});

test("changes the id with every parameter", () => {
  const ids = [
    createBm25Encoder(),
    createBm25Encoder({ language: "german" }),
    createBm25Encoder({ stopWords: ["dog"] }),
    createBm25Encoder({ stopWords: [] }),
    createBm25Encoder({ k: 1.5 }),
    createBm25Encoder({ b: 0.5 }),
    createBm25Encoder({ averageWords: 100 }),
  ].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(createBm25Encoder({ stopWords: ["b", "a"] }).id).toBe(
    createBm25Encoder({ stopWords: ["a", "B"] }).id,
  );
});

test("rejects wrong options and names each", () => {
  expect(() => createBm25Encoder({ k: -1, b: 2 })).toThrow(/k: .*; b: /);
});

test("returns ascending terms with positive finite weights for any text, whatever it encoded before", async () => {
  const encoder = createBm25Encoder();
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary", maxLength: 200 }), async (text) => {
      const [fresh] = await createBm25Encoder().encode([text], { role: "document" });
      const [again] = await encoder.encode([text], { role: "document" });
      expect(again).toEqual(fresh);
      const indices = [...(again?.indices ?? [])];
      expect(indices).toEqual([...new Set(indices)].sort((a, b) => a - b));
      expect(again?.values.every((value) => value > 0 && value <= Math.fround(2.2))).toBe(true);
    }),
  );
});

test("encodes a word of 64 000 letters as one term", async () => {
  const [vector] = await createBm25Encoder({ language: "german" }).encode(["aeiouy".repeat(10_667)], {
    role: "document",
  });
  expect(vector?.indices.length).toBe(1);
});

test.each<[what: string, texts: unknown, options: unknown, message: RegExp]>([
  ["one text", "text", { role: "query" }, /^encode: texts: .*expected array, received string/],
  ["a number", ["text", 5], { role: "query" }, /texts\.1: .*received number 5/],
  ["no options", ["text"], null, /role: .*got undefined/],
  ["another role", ["text"], { role: "title" }, /role: .*"query"\|"document", got the string "title"/],
])("refuses %s", async (_, texts, options, message) => {
  await expect(createBm25Encoder().encode(raw(texts), raw(options))).rejects.toMatchObject({
    name: "ConfigurationError",
    message: expect.stringMatching(message),
  });
});
