import fc from "fast-check";
import { describe, expect, inject, test } from "vitest";
import { arbitraryText } from "../fixtures/arbitrary-text.ts";
import { BytePairTokenizer } from "./byte-pair-tokenizer.ts";
import { createTokenizer } from "./create-tokenizer.ts";

// Split patterns look beyond a piece along runs of white space, capitals, letters without case, and marks.
const runs = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        "A",
        "b",
        "中",
        "ʰ",
        "\u0301",
        " ",
        "\n",
        "\r\n",
        "\t",
        "'",
        "l",
        "L",
        "7",
        "!",
        "/",
        "🎉",
        "\ud83d",
      ),
      fc.integer({ min: 1, max: 4 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.map(([unit, times]) => unit.repeat(times)).join(""));

describe.each(["o200k_base", "cl100k_base", "r50k_base"] as const)("%s", (name) => {
  test("counts any slice of a text that was read once like the slice alone (T30)", async () => {
    const tokenizer = await createTokenizer(name);
    if (!(tokenizer instanceof BytePairTokenizer)) throw new Error("expected a byte-pair tokenizer");
    fc.assert(
      fc.property(
        fc.oneof(runs, arbitraryText),
        fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 4, maxLength: 12 }),
        (text, places) => {
          const read = tokenizer.read(text);
          expect(read.ends).toEqual(tokenizer.ends(text));
          for (const [left, right] of places) {
            const start = left % (text.length + 1);
            const end = start + (right % (text.length + 1 - start));
            const slice = text.slice(start, end);
            expect({ slice, tokens: read.count(start, end) }).toEqual({
              slice,
              tokens: tokenizer.count(slice),
            });
          }
        },
      ),
      { numRuns: 400 * inject("propertyShare") },
    );
  });
});
