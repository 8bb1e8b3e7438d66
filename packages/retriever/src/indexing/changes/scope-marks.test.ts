import { expect, test } from "vitest";
import { ScopeMarks } from "./scope-marks.ts";

test("releases a checkpoint after every earlier change of its scope is done", () => {
  const marks = new ScopeMarks();
  marks.add("a", { order: 2, resume: "a2" });
  marks.add("b", { order: 3, asOf: 1000 });
  expect([...marks.take((scope) => (scope === "a" ? 1 : Infinity))]).toEqual([
    ["b", { order: 3, resume: undefined, asOf: 1000 }],
  ]);
  expect([...marks.take(() => Infinity)]).toEqual([["a", { order: 2, resume: "a2", asOf: undefined }]]);
  expect(marks.size).toBe(0);
});

test("keeps the next and the last mark of a scope, so that a busy scope still reaches a checkpoint", () => {
  const marks = new ScopeMarks();
  for (let order = 1; order <= 100; order++) marks.add("a", { order, resume: `a${order}`, asOf: order });
  expect([...marks.take(() => 50)]).toEqual([["a", { order: 1, resume: "a1", asOf: 1 }]]);
  expect([...marks.take(() => 99)]).toEqual([]);
  expect([...marks.take(() => 101)]).toEqual([["a", { order: 100, resume: "a100", asOf: 100 }]]);
});
