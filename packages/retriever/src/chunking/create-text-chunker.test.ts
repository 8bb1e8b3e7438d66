import { ConfigurationError, type Chunk, type Tokenizer } from "@binnacle/core";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { ChunkerOptions } from "./chunker-options.ts";
import { createTextChunker } from "./create-text-chunker.ts";
import { realPages } from "./fixtures/real-pages.ts";
import { createEstimatingTokenizer } from "./tokenizer/create-estimating-tokenizer.ts";
import { createTokenizer } from "./tokenizer/create-tokenizer.ts";

let tokenizer: Tokenizer;
beforeAll(async () => {
  tokenizer = await createTokenizer();
});

async function chunk(text: string, options: ChunkerOptions = {}): Promise<readonly Chunk[]> {
  const chunker = await createTextChunker({ tokenizer, ...options });
  return [...chunker.chunk({ id: "d", text, mediaType: "text/plain", metadata: {} })];
}

const sentences = (count: number): string =>
  Array.from(
    { length: count },
    (_, i) => `Sentence ${i} says something that nobody has said before it.`,
  ).join(" ");

describe("overlap", () => {
  test("cuts about 300 tokens and repeats about 50 by default (T31)", async () => {
    const chunks = await chunk(sentences(400));
    const mean = chunks.reduce((sum, { tokens }) => sum + tokens, 0) / chunks.length;
    expect(mean).toBeGreaterThan(200);
    expect(Math.max(...chunks.map(({ tokens }) => tokens))).toBeLessThanOrEqual(300);
  });

  test("begins and ends chunks and overlaps at sentences (T31)", async () => {
    const text = sentences(200);
    const chunks = await chunk(text);
    for (const { text: slice } of chunks) expect(slice).toMatch(/^Sentence \d+ .*\.$/s);
    chunks.slice(1).forEach(({ start }, i) => {
      const repeated = tokenizer.count(text.slice(start, chunks[i]?.end));
      expect(repeated).toBeGreaterThanOrEqual(25);
      expect(repeated).toBeLessThanOrEqual(50);
    });
  });

  test("repeats nothing if the overlap is 0", async () => {
    const chunks = await chunk(sentences(200), { overlapTokens: 0 });
    chunks.slice(1).forEach(({ start }, i) => expect(start).toBeGreaterThan(chunks[i]?.end ?? Infinity));
  });

  test("repeats whole words if a sentence is longer than the overlap", async () => {
    const text = "word ".repeat(2_000);
    const chunks = await chunk(text);
    chunks.slice(1).forEach(({ start, text: slice }, i) => {
      expect(slice).toMatch(/^word .* word$/s);
      const repeated = tokenizer.count(text.slice(start, chunks[i]?.end));
      expect(repeated).toBeGreaterThanOrEqual(45);
      expect(repeated).toBeLessThanOrEqual(50);
    });
  });

  test("never repeats a whole chunk, however large the overlap is", async () => {
    for (const [maxTokens, overlapTokens] of [
      [300, 150],
      [300, 120],
      [60, 30],
      [8, 4],
    ] as const) {
      for (const text of [sentences(200), ...realPages().map((page) => page.text)]) {
        const chunks = await chunk(text, { maxTokens, overlapTokens });
        chunks
          .slice(1)
          .forEach(({ start }, i) => expect(start).toBeGreaterThan(chunks[i]?.start ?? Infinity));
      }
    }
  });

  test("repeats whole sentences of a short chunk if they fill half of what it may repeat", async () => {
    const chunks = await chunk(sentences(200), { maxTokens: 300, overlapTokens: 150 });
    for (const { text } of chunks) expect(text).toMatch(/^Sentence \d+ .*\.$/s);
    chunks.slice(1).forEach(({ start }, i) => expect(start).toBeLessThan(chunks[i]?.end ?? 0));
  });
});

describe("cuts", () => {
  test("prefers the end of a paragraph to the end of a sentence", async () => {
    const paragraphs = Array.from({ length: 30 }, (_, i) => `Paragraph ${i}. ${sentences(5)}`);
    const chunks = await chunk(paragraphs.join("\n\n"), { overlapTokens: 0 });
    for (const { text } of chunks) expect(text).toMatch(/^Paragraph \d+\./);
  });

  test("does not take an abbreviation or an initial for the end of a sentence", async () => {
    const text =
      "He met Dr. Smith, e.g. Anna J. Smith vs. Carl, near St. Paul No. 5 and then left for the day. ".repeat(
        60,
      );
    const chunks = await chunk(text, { overlapTokens: 0 });
    expect(chunks.length).toBeGreaterThan(3);
    for (const { text: slice } of chunks) expect(slice).toMatch(/^He met/);
  });

  test("ends Chinese and Japanese chunks at their own full stops", async () => {
    const chunks = await chunk("检索的质量取决于段落从哪里开始，到哪里结束。「好的。」他说。".repeat(80), {
      overlapTokens: 0,
    });
    expect(chunks.length).toBeGreaterThan(3);
    for (const { text } of chunks) expect(text).toMatch(/。$/);
  });

  test("keeps combining sequences and joined emoji whole if they fit", async () => {
    const chunks = await chunk("👩‍👩‍👧‍👦e\u0301🇩🇪".repeat(300), { overlapTokens: 20 });
    for (const { text } of chunks) {
      expect(text).not.toMatch(/^[\u0301\u200d]/);
      expect(text).not.toMatch(/\u200d$/);
    }
  });

  test("leaves no tiny last chunk if a text is a little too long for one chunk", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 22, max: 60 }), async (count) => {
        const chunks = await chunk(sentences(count));
        for (const { tokens } of chunks.slice(1)) expect(tokens).toBeGreaterThan(50);
      }),
    );
  });
});

describe("tokens", () => {
  test("reads the text once to place its tokens, and each chunk a few times to check", async () => {
    let placed = 0;
    let counted = 0;
    const counting: Tokenizer = {
      ...createEstimatingTokenizer(),
      ends: (text) => ((placed += text.length), tokenizer.ends(text)),
      count: (text) => ((counted += text.length), tokenizer.count(text)),
    };
    for (const text of [
      sentences(2_000),
      "a".repeat(60_000),
      "漢字".repeat(20_000),
      "\u0301".repeat(30_000),
    ]) {
      placed = counted = 0;
      await chunk(text, { tokenizer: counting });
      expect(placed).toBe(text.length);
      expect(counted).toBeLessThan(3 * text.length);
    }
  });

  test("yields a first chunk if the tokenizer counts slices higher than it places them", async () => {
    const estimate = createEstimatingTokenizer();
    const greedy: Tokenizer = { ...estimate, count: (text) => estimate.count(text) * 3 };
    for (const { tokens } of await chunk(sentences(100), {
      tokenizer: greedy,
      maxTokens: 60,
      overlapTokens: 10,
    })) {
      expect(tokens).toBeLessThanOrEqual(60);
    }
  });

  test("rejects a character that has more tokens than a chunk may have", async () => {
    const estimate = createEstimatingTokenizer();
    const absurd: Tokenizer = { ...estimate, count: (text) => text.length * 1_000 };
    await expect(chunk("text", { tokenizer: absurd })).rejects.toThrow(/Raise `maxTokens`/);
  });
});

describe("options", () => {
  test("names its algorithm, limits and tokenizer in its id", async () => {
    const ids = await Promise.all(
      [{}, { maxTokens: 200 }, { overlapTokens: 0 }, { tokenizer: createEstimatingTokenizer() }].map(
        async (options) => (await createTextChunker({ tokenizer, ...options })).id,
      ),
    );
    expect(ids[0]).toBe("text@7(300,50,o200k_base)");
    expect(new Set(ids).size).toBe(4);
  });

  test("rejects limits that do not fit together, and unknown options", async () => {
    const misspelt: object = { overlap: 20 };
    const wrong: readonly ChunkerOptions[] = [
      { maxTokens: 7 },
      { maxTokens: 99.5 },
      { overlapTokens: -1 },
      { maxTokens: 60, overlapTokens: 31 },
      misspelt,
    ];
    for (const options of wrong) {
      await expect(createTextChunker(options)).rejects.toSatisfy((error) =>
        ConfigurationError.isInstance(error),
      );
    }
  });

  test("fits the default overlap to any limit, and rejects a given overlap above half of it (T31)", async () => {
    for (const [maxTokens, overlap] of [
      [8, 1],
      [40, 6],
      [2_000, 50],
    ] as const) {
      const { id } = await createTextChunker({ tokenizer, maxTokens });
      expect(id).toContain(`(${maxTokens},${overlap},`);
    }
    await expect(createTextChunker({ tokenizer, maxTokens: 40, overlapTokens: 21 })).rejects.toThrow(
      "overlapTokens: must be at most half of maxTokens",
    );
  });
});

test("keeps a paragraph whole that fits, and repeats nothing before a paragraph", async () => {
  const paragraph = (name: string, words: number): string =>
    Array.from({ length: words }, (_, i) => `${name}${i}.`).join(" ");
  const paragraphs = [paragraph("one", 8), paragraph("two", 30), paragraph("three", 30)];
  const text = paragraphs.join("\n\n");
  const most = Math.max(...paragraphs.map((part) => tokenizer.count(part)));
  const chunks = await chunk(text, { maxTokens: most + 8, overlapTokens: 40 });
  expect(chunks.map((each) => each.text)).toEqual(paragraphs);
});

test("ends a paragraph at the line break of a text that is not wrapped", async () => {
  const paragraph = (name: string): string =>
    `${name} opens. ${`The ${name} says something that nobody has said before it. `.repeat(8)}${name} ends.`;
  const names = ["First", "Second", "Third", "Fourth"];
  const chunks = await chunk(names.map(paragraph).join("\n"), { maxTokens: 160 });
  expect(chunks.map(({ text }) => text)).toEqual(names.map(paragraph));
});

test("reads wrapped lines as one paragraph", async () => {
  const wrapped = sentences(40).replace(/(.{60,70}) /gu, "$1\n");
  for (const { text } of await chunk(wrapped, { maxTokens: 100, overlapTokens: 0 }))
    expect(text).toMatch(/^Sentence \d+[^]*\.$/u);
});

test("keeps a list with the paragraph that introduces it", async () => {
  const before = sentences(4);
  const list = Array.from({ length: 6 }, (_, i) => `- item ${i} is one of them;`).join("\n");
  const chunks = await chunk(`${before}\n\nThese files are skipped:\n\n${list}`, { maxTokens: 80 });
  expect(chunks.map(({ text }) => text)).toEqual([before, `These files are skipped:\n\n${list}`]);
});
