import fc from "fast-check";
import { expect, test } from "vitest";
import { createLoopWatch } from "./loop-watch.ts";

const circles = "The rota changes on Mondays. ".repeat(3);

test("notices a sentence, a line and a block of lines that come three times in a row", () => {
  expect(createLoopWatch()(`Run keys rotate. ${circles}`)).toBe(true);
  expect(createLoopWatch()("The answer is:\n\n".repeat(3))).toBe(true);
  expect(createLoopWatch()("The answer is:\n\n- the older one\n\n".repeat(3))).toBe(true);
});

test("lets pass what comes twice, what is short, and what differs", () => {
  expect(createLoopWatch()("The rota changes on Mondays. ".repeat(2))).toBe(false);
  expect(createLoopWatch()("}\n}\n}\n}\n")).toBe(false);
  expect(createLoopWatch()("Step one is done. Step two is done. Step three is done. ")).toBe(false);
});

test("it does not matter how the text is cut", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(circles.length), { maxLength: 12 }), (cuts) => {
      const watch = createLoopWatch();
      const edges = [0, ...cuts.toSorted((a, b) => a - b), circles.length];
      const pieces = edges.slice(1).map((edge, i) => circles.slice(edges[i], edge));
      expect(pieces.some((piece) => watch(piece))).toBe(true);
    }),
  );
});
