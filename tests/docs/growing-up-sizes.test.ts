import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { readPage } from "./pages.ts";

const bytes = z.object({ originals: z.int(), copies: z.int(), graph: z.int() });
const recorded = z
  .object({
    sizes: z.record(z.string(), z.object({ none: bytes, int8: bytes, product: bytes, binary: bytes })),
  })
  .parse(
    JSON.parse(
      readFileSync(
        new URL(
          "../../packages/retriever/src/stores/qdrant/fixtures/qdrant-edge-sizes.json",
          import.meta.url,
        ),
        "utf8",
      ),
    ),
  );

test("shows the bytes of a point that Qdrant's engine was measured to store, by dimensions and quantization (T27)", () => {
  const rows = readPage("docs/guides/growing-up.md")
    .split("\n")
    .map((line) =>
      [...line.matchAll(/\| +([\d,]+) (?=\|)/g)].map(([, cell = ""]) => Number(cell.replace(",", ""))),
    )
    .filter(({ length }) => length === 6);
  expect(rows).toEqual(
    Object.entries(recorded.sizes).map(([dimensions, { int8, product, binary }]) => [
      Number(dimensions),
      int8.originals,
      int8.copies,
      product.copies,
      binary.copies,
      int8.graph,
    ]),
  );
});

test("records copies that are as small as the quantization promises, and originals that stay whole (T27)", () => {
  for (const [dimensions, { none, int8, product, binary }] of Object.entries(recorded.sizes)) {
    const numbers = 4 * Number(dimensions);
    expect([none.copies, int8.copies, product.copies, binary.copies]).toEqual([
      0,
      numbers / 4 + 4, // each copy keeps its offset
      numbers / 16,
      numbers / 32,
    ]);
    for (const { originals } of [none, int8, product, binary]) expect(originals).toBe(numbers);
  }
});
