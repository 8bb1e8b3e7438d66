import fc from "fast-check";
import { expect, test } from "vitest";
import { parseRetryAfter, retryAfterOf } from "./retry-after.ts";

const now = Date.UTC(2026, 9, 20, 12, 0, 0);

test("reads all digits: 30 is thirty seconds, not three", () => {
  fc.assert(
    fc.property(fc.nat(), (seconds) => {
      expect(parseRetryAfter(String(seconds), now)).toBe(seconds * 1000);
    }),
  );
});

test("reads a date as the time until then, and a past date as 0", () => {
  const anyDate = fc.date({
    noInvalidDate: true,
    min: new Date("1970-01-01T00:00:00Z"),
    max: new Date("9999-12-31T23:59:59Z"),
  });
  fc.assert(
    fc.property(anyDate, (date) => {
      const atMs = Math.floor(date.getTime() / 1000) * 1000;
      const expected = Math.max(0, atMs - now);
      expect(parseRetryAfter(date.toUTCString(), now)).toBe(expected); // toUTCString writes IMF-fixdate
    }),
  );
});

test("ignores obsolete date forms", () => {
  expect(parseRetryAfter("Tuesday, 20-Oct-26 12:00:07 GMT", now)).toBeUndefined();
  expect(parseRetryAfter("Tue Oct 20 12:00:07 2026", now)).toBeUndefined();
});

test("ignores garbage, negative numbers and fractions", () => {
  const garbage = ["", " ", "-1", "1.5", "1e3", "0x10", "soon", "2026-10-20T12:00:07Z", "30, 40", "Infinity"];
  for (const value of [
    ...garbage,
    "Fri, 31 Feb 2026 00:00:00 GMT",
    "Tue, 20 Oct 2026 25:00:00 GMT",
    null,
    undefined,
  ]) {
    expect(parseRetryAfter(value, now), String(value)).toBeUndefined();
  }
});

test("returns no negative, fractional or infinite wait for any text", () => {
  const texts = fc.oneof(
    fc.string(),
    fc.stringMatching(/^\d{1,40}$/),
    fc.date({ noInvalidDate: true }).map(String),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const waitMs = parseRetryAfter(text, now);
      expect(waitMs === undefined || (Number.isSafeInteger(waitMs) && waitMs >= 0)).toBe(true);
    }),
  );
});

test("prefers retry-after-ms to Retry-After, and ignores an invalid or empty one", () => {
  const wait = (milliseconds: string) =>
    retryAfterOf(new Headers({ "retry-after-ms": milliseconds, "retry-after": "7" }), now);
  expect(["5", "5.2", "0", " 12 "].map(wait)).toEqual([5, 6, 0, 12]);
  expect(["", "-1", "1e3", "0x10", "soon"].map(wait)).toEqual(Array<number>(5).fill(7000));
  expect(retryAfterOf(new Headers(), now)).toBeUndefined();
});
