import { expect, test } from "vitest";
import { attribute, BinnacleError } from "./binnacle-error.ts";
import { TimeoutError } from "./timeout-error.ts";

const record = { replica: "http://a", kind: "timeout", afterMs: 5 };

test("attribute adds what an error does not know and keeps what it knows", () => {
  const error = new TimeoutError("late", { afterMs: 5, phase: "idle", replica: "http://a" });
  const facts = { replica: "http://b", attempts: [record], partial: { text: "Hel" } };
  expect(attribute(error, facts)).toBe(error);
  expect(error).toMatchObject({ replica: "http://a", attempts: [record], partial: { text: "Hel" } });
  attribute(error, { attempts: [record, record], partial: { text: "other" } });
  expect(error).toMatchObject({ attempts: [record, record], partial: { text: "Hel" } });
});

test("attribute leaves other values as they are", () => {
  const reason = Object.freeze(new Error("enough"));
  expect(attribute(reason, { replica: "http://a" })).toBe(reason);
  expect(attribute("enough", { replica: "http://a" })).toBe("enough");
});

test("an error without attribution has no such properties", () => {
  expect(Object.keys(new BinnacleError("c", "m"))).toEqual(["name", "code", "retryable"]);
});
