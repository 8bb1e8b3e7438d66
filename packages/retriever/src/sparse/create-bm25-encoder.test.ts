import { readFileSync } from "node:fs";
import { sparseEncoderContract } from "@binnacle/core/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
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
  test(`gives the words of "${text}" the same terms and weights as Qdrant, to the last float32 digit`, async () => {
    const [encoded] = await createBm25Encoder().encode([text], { role: "document" });
    const weights = new Map(encoded && [...encoded.indices].map((term, i) => [term, encoded.values[i]]));
    expect(vector.indices.map((term) => weights.get(term))).toEqual([...Float32Array.from(vector.values)]);
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

/** Returns true if a document has a term of the query. */
async function finds(query: string, document: string): Promise<boolean> {
  const encoder = createBm25Encoder();
  const [asked] = await encoder.encode([query], { role: "query" });
  const [held] = await encoder.encode([document], { role: "document" });
  return asked?.indices.some((term) => held?.indices.includes(term)) ?? false;
}

describe("terms of a query", () => {
  test.each([
    ["café", "cafe\u0301"],
    ["API", "ＡＰＩ"],
    ["configuration", "con\ufb01guration"],
    ["configuration", "config\u00aduration"],
    ["configuration", "config\u200buration"],
    ["カード", "ｶｰﾄﾞ"],
    ["co\u0301digo", "código"],
  ])("finds %s in %s, in one canonical form (L1)", async (query, document) => {
    expect(await finds(query, document)).toBe(true);
    expect(await finds(document, query)).toBe(true);
  });

  test.each([
    ["user", "getUserById"],
    ["retries", "setMaxRetries"],
    ["server", "HTTPServer"],
    ["timeout", "request_timeout_ms"],
    ["sha", "SHA256"],
    ["getUserById", "getUserById(1)"],
    ["get_user_by_id", "getUserById"],
    ["getuserbyid", "getUserById"],
  ])("finds %s in %s, in its parts and as a whole (L2)", async (query, document) => {
    expect(await finds(query, document)).toBe(true);
  });

  test.each([
    ["ท่าเรือ", "บริษัทจึงปิดท่าเรือในวันอาทิตย์"],
    ["โดยสาร", "ราคาตั๋วโดยสารสำหรับเด็ก"],
    ["ตา", "เขามีตาสีฟ้า"],
    ["ສະບາຍ", "ຂໍໃຫ້ສະບາຍດີ"],
    ["ភាសា", "ខ្ញុំរៀនភាសាខ្មែរ"],
  ])("finds %s within %s, without a space around it (L3)", async (query, document) => {
    expect(await finds(query, document)).toBe(true);
  });

  test.each([
    ["猫", "院子里有一只猫"],
    ["犬", "庭に犬がいる"],
  ])("finds the single character %s in %s (L4)", async (query, document) => {
    expect(await finds(query, document)).toBe(true);
  });

  test.each([
    ["What does NOT IN do?", "NOT IN filters rows"],
    ["What is IT?", "IT runs the help desk."],
    ["to be or not to be", "To be, or not to be"],
  ])("keeps the stop words of %s, which has no other words (L5)", async (query, document) => {
    expect(await finds(query, document)).toBe(true);
  });

  test("drops stop words beside other words, except those in capitals (L5)", async () => {
    const encoder = createBm25Encoder();
    const [plain, capitals, name, shouted] = await encoder.encode(
      ["what is the rota", "WHAT IS THE ROTA", "what is the IT rota", "rota"],
      { role: "query" },
    );
    expect(plain).toEqual(shouted);
    expect(capitals).toEqual(shouted);
    expect(name?.indices.length).toBe(3);
  });

  test.each([
    ["email", "Send an e-mail."],
    ["e-mail", "Send an email."],
    ["signoff", "sign-off"],
    ["python3", "Python 3"],
    ["Python 3", "python3"],
    ["E-1001", "E1001"],
    ["E1001", "E-1001"],
    ["nodejs", "Node.js"],
    ["US", "U.S. Coast Guard"],
  ])("finds %s in %s, joined or parted (L6)", async (query, document) => {
    expect(await finds(query, document)).toBe(true);
  });

  test("does not join numbers at a decimal point", async () => {
    expect(await finds("35", "3.5")).toBe(false);
  });
});

test("counts neither stop words nor parts in the length of a text", async () => {
  const [plain, more] = await createBm25Encoder().encode(["harbour maxTide", "the harbour of the maxTide"], {
    role: "document",
  });
  expect([...(more?.values ?? [])]).toEqual(expect.arrayContaining([...(plain?.values ?? [])]));
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
  ["a number", ["text", 5], { role: "query" }, /texts\.1: .*got the number 5/],
  ["no options", ["text"], null, /role: .*got undefined/],
  ["another role", ["text"], { role: "title" }, /role: .*"query"\|"document", got the string "title"/],
])("refuses %s", async (_, texts, options, message) => {
  await expect(createBm25Encoder().encode(raw(texts), raw(options))).rejects.toMatchObject({
    name: "ConfigurationError",
    message: expect.stringMatching(message),
  });
});
