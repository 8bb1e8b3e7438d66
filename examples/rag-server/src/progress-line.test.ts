import { expect, test } from "vitest";
import { progressLine } from "./progress-line.ts";

const progress = { done: 12, total: undefined, chunks: 40, elapsedMs: 3000, name: "guides/a.md" };

test("shows no total and no bar until the total is known, but the rate and the file's name (T4)", () => {
  expect(progressLine(progress, 80)).toBe("  12 documents, 40 chunks, 4.0/s  guides/a.md");
});

test("shows a bar and a percentage of a known total", () => {
  expect(progressLine({ ...progress, total: 48 }, 80)).toBe(
    "  ██████░░░░░░░░░░░░░░░░░░  25 %  12/48 documents, 40 chunks, 4.0/s  guides/a.md",
  );
  expect(progressLine({ ...progress, done: 60, total: 60 }, 80)).toContain("100 %");
});

test("shows no rate in the first moments, and never wraps", () => {
  expect(progressLine({ ...progress, elapsedMs: 100 }, 80)).toBe("  12 documents, 40 chunks  guides/a.md");
  expect(progressLine({ ...progress, total: 48 }, 40)).toHaveLength(40);
});
