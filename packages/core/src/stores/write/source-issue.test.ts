import { expect, test } from "vitest";
import type { Write } from "../../spec/collection.ts";
import { sourceIssue } from "./source-issue.ts";

const fence = { sourceId: "mine", token: 1 };
const id = "00000000-0000-4000-8000-000000000001";
const patch = (sourceId: string): Write => ({ type: "patch", id, chunk: { sourceId } });

test("accepts every write without a fence, and a fenced write of the fence's source", () => {
  expect(sourceIssue(patch("theirs"), undefined, "theirs")).toBeUndefined();
  expect(sourceIssue(patch("mine"), fence, "mine")).toBeUndefined();
  expect(sourceIssue({ type: "delete", id }, fence, undefined)).toBeUndefined();
});

test.each<[fault: string, write: Write, stored: string | undefined]>([
  ["a stored point of another source", { type: "delete", id }, "theirs"],
  ["a point that would move to another source", patch("theirs"), "mine"],
  ["a new point of another source", patch("theirs"), undefined],
])("names both sources for %s", (_, write, stored) => {
  const issue = sourceIssue(write, fence, stored);
  expect(issue).toMatchObject({ code: "wrong_source" });
  expect(issue?.message).toMatch(/"theirs".*"mine"/);
});
