import fc from "fast-check";
import { expect, test } from "vitest";
import { instant } from "./instant.ts";

test("agrees with Date on every moment of the years 0 to 9999, at any offset", () => {
  const moment = fc.date({
    min: new Date("0001-01-02T00:00:00Z"),
    max: new Date("9999-12-30T00:00:00Z"),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(moment, fc.integer({ min: -14 * 60, max: 14 * 60 }), (date, offset) => {
      const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1);
      const pad = (value: number): string => String(value).padStart(2, "0");
      const zone = `${offset < 0 ? "-" : "+"}${pad(Math.floor(Math.abs(offset) / 60))}:${pad(Math.abs(offset) % 60)}`;
      const microseconds = BigInt(date.getTime()) * 1000n;
      expect(BigInt(instant(local + zone) ?? NaN)).toBe(microseconds);
      expect(BigInt(instant(date.toISOString()) ?? NaN)).toBe(microseconds);
    }),
  );
});

test.each([
  ["2024-01-01", "2024-01-01T00:00:00Z"],
  ["2024-01-01T10:30:00", "2024-01-01T10:30:00.000Z"],
  ["2024-01-01T10:30:00+02:00", "2024-01-01T08:30:00Z"],
  ["2024-01-01T00:00:00.1234567Z", "2024-01-01T00:00:00.123456Z"],
])("reads %s as the same instant as %s", (a, b) => {
  expect(instant(a)).toBe(instant(b));
  expect(instant(a)).toBeDefined();
});

test.each(["0001-01-01T00:00:00", "1684-07-28T00:12:25", "2024-01-01T00:00:00", "9999-12-31T23:59:59"])(
  "distinguishes and orders the microseconds of %s",
  (second) => {
    const moments = ["", ".000001", ".000002", ".999998", ".999999"].map((part) => instant(second + part));
    expect(new Set(moments).size).toBe(moments.length);
    for (const [i, moment = NaN] of moments.entries()) {
      if (i > 0) expect(moment > (moments[i - 1] ?? NaN)).toBe(true);
    }
    expect(instant(`${second}.000001Z`)).toBe(moments[1]);
  },
);

test.each([
  "",
  "2024",
  "2024-1-1",
  "2024-13-01",
  "2023-02-29",
  "2024-04-31",
  "2024-01-01T24:00:00Z",
  "2024-01-01T12:60:00Z",
  "2024-01-01T12:00:60Z",
  "2024-01-01T12:00:00+24:00",
  "2024-01-01T12:00:00+01:60",
  "2024-01-01T12Z",
  "2024-01-01T12:00Z",
  "2024-01-01 12:00:00Z",
  "2024-01-01T12:00:00+0100",
  "2024-01-01t12:00:00z",
  "2024-01-01T12:00:00.Z",
  "Mon, 01 Jan 2024 00:00:00 GMT",
  " 2024-01-01",
  "2024-01-01\n",
])("returns undefined for %j", (text) => {
  expect(instant(text)).toBeUndefined();
});
