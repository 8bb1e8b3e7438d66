import { setFlagsFromString } from "node:v8";
import { Script } from "node:vm";
import fc from "fast-check";
import { expect, test } from "vitest";
import { RememberedKeys } from "./remembered-keys.ts";

setFlagsFromString("--expose-gc");
// Only a context that is made after the flag was set has the function.
const collect = new Script("gc()");
const gc = (): void => void collect.runInNewContext();

/** Texts of one length that differ in one character, so that most are alike where they are looked at. */
const alike = fc
  .record({ at: fc.nat(399), char: fc.constantFrom("b", "é", "–", "\ud800") })
  .map(({ at, char }) => "a".repeat(at) + char + "a".repeat(399 - at));
const asked = fc.record({
  text: fc.oneof(alike, fc.string({ unit: "binary", maxLength: 40 })),
  scope: fc.nat(2),
});

test("the key of a text is its own, however alike others are and however little is remembered", () => {
  fc.assert(
    fc.property(fc.array(asked, { maxLength: 60 }), fc.integer({ min: 0, max: 6_000 }), (calls, maxBytes) => {
      const remembered = new RememberedKeys(maxBytes);
      for (const { text, scope } of calls) {
        expect(remembered.keyOf(text, scope, (made) => `${scope}:${made}`)).toBe(`${scope}:${text}`);
        expect(remembered.bytes).toBeLessThanOrEqual(maxBytes);
      }
    }),
  );
});

test("a text that comes again is not digested again, until others have taken its room", () => {
  const remembered = new RememberedKeys(2_000);
  const made: string[] = [];
  const ask = (text: string): string =>
    remembered.keyOf(`${text}: a page`.slice(0, 6), 0, (of) => {
      made.push(of);
      return of;
    });
  for (const text of ["one", "two", "one", "two"]) ask(text);
  expect(made).toHaveLength(2);
  for (let i = 100; i < 110; i++) ask(String(i));
  ask("one");
  expect(made).toHaveLength(13);
});

test("nothing is remembered where no memory is given, or once it was cleared", () => {
  const remembered = new RememberedKeys(0);
  expect(["x", "x"].map((text) => remembered.keyOf(text, 0, () => "made")).length).toBe(2);
  expect(remembered.bytes).toBe(0);
  const more = new RememberedKeys(1_000);
  more.keyOf("x", 0, () => "first");
  more.clear();
  expect(more.bytes).toBe(0);
  expect(more.keyOf("x", 0, () => "second")).toBe("second");
});

test("a remembered text does not keep the document in memory that it was cut from", () => {
  const remembered = new RememberedKeys(1_000_000);
  gc();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < 50; i++) {
    const page = Buffer.alloc(1_000_000, `page ${i} `).toString("latin1");
    remembered.keyOf(page.slice(1_000, 2_000), 0, () => String(i));
  }
  gc();
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(10_000_000);
  expect(remembered.bytes).toBeGreaterThan(50 * 2_000);
});
