import fc from "fast-check";
import { expect, test } from "vitest";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import { inBatches } from "./in-batches.ts";

interface Item {
  readonly tokens: number;
  readonly bytes: number;
}

const items = fc.array(fc.record({ tokens: fc.nat(20), bytes: fc.nat(200) }), { maxLength: 60 });
const limits = fc.record({
  maxItems: fc.integer({ min: 1, max: 8 }),
  maxTokens: fc.integer({ min: 1, max: 30 }),
  maxBytes: fc.integer({ min: 1, max: 300 }),
});
const measures = { tokensOf: (item: Item) => item.tokens, bytesOf: (item: Item) => item.bytes };
const sum = (batch: readonly Item[], measure: (item: Item) => number) =>
  batch.reduce((total, item) => total + measure(item), 0);

test("yields every item once, in order, and no batch of several items exceeds a limit (T22)", () => {
  fc.assert(
    fc.property(items, limits, (given, bounds) => {
      const batches = [...inBatches(given, { ...bounds, ...measures })];
      expect(batches.flat()).toEqual(given);
      for (const batch of batches) {
        expect(batch.length).toBeGreaterThan(0);
        expect(batch.length).toBeLessThanOrEqual(bounds.maxItems);
        if (batch.length === 1) continue;
        expect(sum(batch, measures.tokensOf)).toBeLessThanOrEqual(bounds.maxTokens);
        expect(sum(batch, measures.bytesOf)).toBeLessThanOrEqual(bounds.maxBytes);
      }
    }),
  );
});

test("ends a batch only when it is full or the next item does not fit", () => {
  fc.assert(
    fc.property(items, limits, (given, bounds) => {
      const batches = [...inBatches(given, { ...bounds, ...measures })];
      batches.slice(0, -1).forEach((batch, index) => {
        const next = batches[index + 1]?.[0] ?? { tokens: 0, bytes: 0 };
        const full =
          batch.length === bounds.maxItems ||
          sum([...batch, next], measures.tokensOf) > bounds.maxTokens ||
          sum([...batch, next], measures.bytesOf) > bounds.maxBytes ||
          sum(batch, measures.tokensOf) === bounds.maxTokens ||
          sum(batch, measures.bytesOf) === bounds.maxBytes;
        expect(full).toBe(true);
      });
    }),
  );
});

test("yields an item over a limit alone", () => {
  const batches = inBatches(["a", "bbbbbb", "c"], {
    maxItems: 10,
    maxBytes: 4,
    bytesOf: (text) => text.length,
  });
  expect([...batches]).toEqual([["a"], ["bbbbbb"], ["c"]]);
});

test("reads no item before the previous batch is taken", () => {
  const drawn: string[] = [];
  function* source(): Generator<string> {
    for (const item of ["a", "b", "c"]) {
      drawn.push(item);
      yield item;
    }
  }
  const batches = inBatches(source(), { maxItems: 2 });
  expect(batches.next().value).toEqual(["a", "b"]);
  expect(drawn).toEqual(["a", "b"]);
  expect([...batches]).toEqual([["c"]]);
});

test("lists all invalid limits in one error", () => {
  const attempt = () => [
    ...inBatches([], { maxItems: 0, maxTokens: 5, maxBytes: Number.NaN, bytesOf: () => 1 }),
  ];
  expect(attempt).toThrow(ConfigurationError);
  expect(attempt).toThrow(/maxItems.*got 0.*maxBytes.*got NaN.*tokensOf/);
});
