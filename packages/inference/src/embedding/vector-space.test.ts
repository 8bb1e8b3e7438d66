import fc from "fast-check";
import { expect, test } from "vitest";
import { vectorSpace } from "./vector-space.ts";

const plain = { model: "m", pooling: "mean", queryPrefix: "", documentPrefix: "", dimensions: 384 };

test("names a space after everything that changes its numbers (T34)", () => {
  expect(vectorSpace(plain)).toEqual({ id: "m;pooling=mean;l2;384", dimensions: 384 });
  const full = {
    ...plain,
    revision: "2",
    queryPrefix: "query: ",
    documentPrefix: "passage: ",
    suggestedMinScore: 0.7,
  };
  expect(vectorSpace(full)).toEqual({
    id: 'm@2;pooling=mean;query="query: ";document="passage: ";l2;384',
    dimensions: 384,
    suggestedMinScore: 0.7,
  });
});

test("never makes one id of two different pairs of prefixes", () => {
  const prefix = fc.string({
    unit: fc.constantFrom('"', ";", "=", "query", "document", "\\", "a"),
    maxLength: 6,
  });
  fc.assert(
    fc.property(prefix, prefix, prefix, prefix, (q1, d1, q2, d2) => {
      const one = vectorSpace({ ...plain, queryPrefix: q1, documentPrefix: d1 });
      const two = vectorSpace({ ...plain, queryPrefix: q2, documentPrefix: d2 });
      expect(one.id === two.id).toBe(q1 === q2 && d1 === d2);
    }),
  );
});
