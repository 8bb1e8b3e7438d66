import { expect, test } from "vitest";
import { plainHeading } from "./plain-heading.ts";

test("returns the heading's words without its anchor", () => {
  expect(plainHeading("The `code` of **tea** {#tea-code}")).toBe("The code of tea");
  expect(plainHeading("`__dirname` and `Array<string>`")).toBe("__dirname and Array<string>");
  expect(plainHeading("AT&amp;T")).toBe("AT&T");
  expect(plainHeading("`{#if}` blocks")).toBe("{#if} blocks");
  expect(plainHeading("  plain  words ")).toBe("plain words");
  expect(plainHeading("over\n  two lines")).toBe("over two lines");
});

test("returns the source of a heading without words", () => {
  expect(plainHeading("![](logo.png)")).toBe("![](logo.png)");
  expect(plainHeading("<br>")).toBe("<br>");
  expect(plainHeading("{#id}")).toBe("{#id}");
});

test("shortens a very long heading, but never inside a character", () => {
  expect(plainHeading("word ".repeat(500))).toHaveLength(200);
  for (const filling of ["", "x"]) {
    expect(plainHeading(filling + "😀".repeat(2_000)).isWellFormed()).toBe(true);
    const tag = `<b title="${"😀".repeat(400)}">`;
    expect(
      plainHeading(`${filling}${tag}${tag}<b title="${"x".repeat(360)}">${"😀".repeat(9)}`).isWellFormed(),
    ).toBe(true);
  }
});
