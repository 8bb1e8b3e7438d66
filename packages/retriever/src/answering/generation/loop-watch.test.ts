import fc from "fast-check";
import { expect, test } from "vitest";
import { createLoopWatch } from "./loop-watch.ts";

const circles = "The rota changes on Mondays. ".repeat(3);

function firstRound(text: string): string | undefined {
  const end = createLoopWatch()(text);
  return end === undefined ? undefined : text.slice(0, end);
}

test("notices a sentence, a line or a block of lines that repeats three times in a row", () => {
  expect(firstRound(`Run keys rotate. ${circles}`)).toBe("Run keys rotate. The rota changes on Mondays.");
  expect(firstRound("The answer is:\n\n".repeat(3))).toBe("The answer is:");
  const fenced = "The answer is:\n\n```\nnpm ci\nnpm run demo\n```\n\n";
  expect(firstRound(fenced.repeat(3))).toBe(fenced.trim());
  expect(firstRound("The answer is:\n\n- the older one\n\n".repeat(3))).toBe(
    "The answer is:\n\n- the older one",
  );
});

test("ignores text that repeats only twice, is short, or differs", () => {
  expect(createLoopWatch()("The rota changes on Mondays. ".repeat(2))).toBeUndefined();
  expect(createLoopWatch()("}\n}\n}\n}\n")).toBeUndefined();
  expect(createLoopWatch()("Step one is done. Step two is done. Step three is done. ")).toBeUndefined();
});

test("gives the same result wherever the text is cut", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(circles.length), { maxLength: 12 }), (cuts) => {
      const watch = createLoopWatch();
      const edges = [0, ...cuts.toSorted((a, b) => a - b), circles.length];
      const pieces = edges.slice(1).map((edge, i) => circles.slice(edges[i], edge));
      const found = pieces.map((piece) => watch(piece)).filter((end) => end !== undefined);
      expect(found[0]).toBe("The rota changes on Mondays.".length);
    }),
  );
});
