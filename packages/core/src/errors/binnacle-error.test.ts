import { expect, test } from "vitest";
import { attribute, BinnacleError } from "./binnacle-error.ts";
import { TimeoutError } from "./timeout-error.ts";

const record = { replica: "http://a", kind: "timeout", afterMs: 5 };

test("adds missing facts to an error and keeps its own", () => {
  const error = new TimeoutError("late", { afterMs: 5, phase: "idle", replica: "http://a" });
  const facts = { replica: "http://b", attempts: [record], partial: { text: "Hel" } };
  expect(attribute(error, facts)).toBe(error);
  expect(error).toMatchObject({ replica: "http://a", attempts: [record], partial: { text: "Hel" } });
  attribute(error, { attempts: [record, record], partial: { text: "other" } });
  expect(error).toMatchObject({ attempts: [record, record], partial: { text: "Hel" } });
});

test("returns other values unchanged", () => {
  const reason = Object.freeze(new Error("enough"));
  expect(attribute(reason, { replica: "http://a" })).toBe(reason);
  expect(attribute("enough", { replica: "http://a" })).toBe("enough");
});

test("has no property for an unknown fact", () => {
  expect(Object.keys(new BinnacleError("c", "m"))).toEqual(["name", "code", "retryable"]);
});
