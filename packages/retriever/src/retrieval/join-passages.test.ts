import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hitAt } from "./fixtures/hit-at.ts";
import { joinPassages } from "./join-passages.ts";

const text = "The quick brown fox jumps over the lazy dog. It was not amused.";
const slice = (id: string, start: number, end: number, score = 1, index = 0) =>
  hitAt({ id, start, text: text.slice(start, end), score, index });
const merging = { limit: 10, mergeNeighbours: true };

describe("joins", () => {
  test("joins overlapping hits of one document into one passage with the exact text", () => {
    const { passages } = joinPassages([slice("b", 15, 40, 3), slice("a", 0, 20, 2)], merging);
    expect(passages.map(({ start, end, text, score }) => [start, end, text, score])).toEqual([
      [0, 40, text.slice(0, 40), 3],
    ]);
    expect(passages[0]?.hits.map(({ id }) => id)).toEqual(["a", "b"]);
  });

  test("joins adjacent hits only if no text lies between them", () => {
    const follows = joinPassages([slice("a", 0, 20, 2, 4), slice("b", 20, 40, 1, 5)], merging);
    const gap = joinPassages([slice("a", 0, 19, 2, 4), slice("b", 20, 40, 1, 5)], merging);
    expect(follows.passages.map(({ text }) => text)).toEqual([text.slice(0, 40)]);
    expect(gap.passages).toHaveLength(2);
  });

  test("keeps the headings that all hits of a passage share", () => {
    const a = hitAt({ id: "a", start: 0, text: text.slice(0, 20), path: ["Guide", "Animals"] });
    const b = hitAt({ id: "b", start: 10, text: text.slice(10, 30), path: ["Guide", "Weather"] });
    expect(joinPassages([a, b], merging).passages[0]?.path).toEqual(["Guide"]);
  });

  test("returns the document's text from start to end, whatever is joined", () => {
    const range = fc.tuple(fc.nat(text.length - 1), fc.integer({ min: 1, max: 30 }), fc.nat(3));
    fc.assert(
      fc.property(fc.array(range, { maxLength: 12 }), fc.integer({ min: 1, max: 8 }), (ranges, limit) => {
        const hits = ranges.map(([start, length, index], id) =>
          slice(`${id}`, start, start + length, 1, index),
        );
        const { passages, cuts } = joinPassages(hits, { limit, mergeNeighbours: true });
        for (const passage of passages) expect(passage.text).toBe(text.slice(passage.start, passage.end));
        const kept = passages.flatMap((passage) => passage.hits.map(({ id }) => id));
        expect([...kept, ...cuts.map(({ id }) => id)].toSorted()).toEqual(
          hits.map(({ id }) => id).toSorted(),
        );
        expect(passages.length).toBeLessThanOrEqual(limit);
      }),
    );
  });
});

describe("keeps apart", () => {
  test("keeps hits apart whose offsets overlap but whose texts disagree", () => {
    const stale = hitAt({ id: "b", start: 10, text: "another version" });
    expect(joinPassages([slice("a", 0, 20), stale], merging).passages).toHaveLength(2);
  });

  test("keeps hits of different documents apart", () => {
    const other = hitAt({ id: "b", start: 10, text: text.slice(10, 30), documentId: "other" });
    expect(joinPassages([slice("a", 0, 20), other], merging).passages).toHaveLength(2);
  });

  test("returns every hit as a passage in rank order without merging", () => {
    const { passages } = joinPassages([slice("b", 15, 40), slice("a", 0, 20)], {
      limit: 10,
      mergeNeighbours: false,
    });
    expect(passages.map(({ start }) => start)).toEqual([15, 0]);
  });
});

describe("cuts", () => {
  test("cuts duplicates and hits over the limit, with the reason (T28)", () => {
    const ranked = [slice("a", 0, 30), slice("b", 10, 20), slice("c", 45, 60), slice("d", 31, 40)];
    const { passages, cuts } = joinPassages(ranked, { limit: 2, mergeNeighbours: true });
    expect(passages.map(({ start }) => start)).toEqual([0, 45]);
    expect(cuts.map(({ id, reason }) => [id, reason])).toEqual([
      ["b", "contained"],
      ["d", "limit"],
    ]);
  });
});

describe("budget", () => {
  const sized = (id: string, tokens: number) =>
    hitAt({ id, start: 0, text: id, documentId: id, tokens, score: 1 });

  test("leaves out hits that do not fit into the tokens, and takes smaller ones after them", () => {
    const hits = [sized("a", 60), sized("b", 50), sized("c", 40), sized("d", 1)];
    const { passages, cuts } = joinPassages(hits, { ...merging, maxTokens: 100 });
    expect(passages.map(({ documentId }) => documentId)).toEqual(["a", "c"]);
    expect(cuts.map(({ id, reason }) => [id, reason])).toEqual([
      ["b", "budget"],
      ["d", "budget"],
    ]);
  });

  test("returns nothing if no hit fits", () => {
    expect(joinPassages([sized("a", 60)], { ...merging, maxTokens: 50 }).passages).toEqual([]);
  });
});
