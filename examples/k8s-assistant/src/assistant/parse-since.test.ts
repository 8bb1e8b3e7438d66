import { describe, expect, it } from "vitest";
import { parseSince } from "./parse-since.ts";

const now = new Date(2026, 10, 30, 15, 0, 0).getTime();
const at = (day: number, hours: number, minutes = 0): number =>
  new Date(2026, 10, day, hours, minutes).getTime();

describe("parseSince", () => {
  it.each([
    ["what changed in shop since 14:00", at(30, 14)],
    ["what changed since 23:15", at(29, 23, 15)],
    ["what changed in the last 2 hours", now - 2 * 3_600_000],
    ["what changed in the last hour", now - 3_600_000],
    ["what changed today", at(30, 0)],
    ["what changed since yesterday", at(29, 0)],
    ["what changed since 2026-11-01t10:00:00z", Date.UTC(2026, 10, 1, 10)],
  ])("reads %j", (text, since) => {
    expect(parseSince(text, now)?.since).toBe(since);
  });

  it("returns nothing for a text without a period", () => {
    expect(parseSince("what changed in shop", now)).toBeUndefined();
  });
});
