import { describe, expect, test } from "vitest";
import { parseHtml } from "./parse-html.ts";

async function textOf(html: string): Promise<string> {
  return (await parseHtml(html)).text;
}

describe("what a reader sees", () => {
  test.each([
    ["10<sup>6</sup> boats", "10^6 boats"],
    ["up by two percent.<sup>12</sup> Then", "up by two percent. 12 Then"],
    ["a word<sup><a href='#n'>3</a></sup>, and", "a word 3, and"],
    ["an area of 4 km<sup>2</sup>", "an area of 4 km^2"],
    ["noted.<sup>[2]</sup>", "noted.[2]"],
    ["the 1<sup>st</sup> of May", "the 1st of May"],
    ["H<sub>2</sub>O", "H2O"],
    ["<p>2<sup>n</p><p>next</p>", "2^n\n\nnext"],
  ])("sets off raised text: %s (H1)", async (html, expected) => {
    expect(await textOf(`<body><p>${html}</p></body>`)).toBe(expected);
  });

  test("keeps every cell under its own heading if a cell spans rows or columns (H2)", async () => {
    const rows = await textOf(
      "<table><tr><th>Pier<th>Length<th>Fee</tr><tr><td rowspan=2>West<td>12 m<td>22</tr><tr><td>15 m<td>31</tr><tr><td>East<td colspan=2>free</tr></table>",
    );
    expect(rows.split("\n")).toEqual([
      "Pier | Length | Fee",
      "West | 12 m | 22",
      "West | 15 m | 31",
      "East | free",
    ]);
    const columns = await textOf(
      "<table><tr><th colspan=2>Size<th>Fee</tr><tr><td>12 m<td>4 m<td>22</tr><tr><td rowspan=2>a<td>b<td rowspan=2>c</tr><tr><td>d</tr></table>",
    );
    expect(columns.split("\n")).toEqual(["Size |  | Fee", "12 m | 4 m | 22", "a | b | c", "a | d | c"]);
  });

  test("reads absurd spans without filling the memory", async () => {
    const wide = "<td colspan=9999999 rowspan=9999999>x</td>".repeat(20);
    expect((await textOf(`<table>${`<tr>${wide}</tr>`.repeat(60)}</table>`)).length).toBeLessThan(300_000);
  });

  test.each([
    "visibility:hidden",
    "opacity: 0",
    "opacity:0.0;color:red",
    "font-size:0px",
    "position:absolute; left:-9999px",
    "text-indent: -9999px",
    "color:red;DISPLAY:NONE",
  ])("does not read text that the style %s hides (H3)", async (style) => {
    expect(await textOf(`<p>seen</p><p style="${style}">hidden</p>`)).toBe("seen");
  });

  test.each(["opacity:0.9", "font-size:0.8em", "left:-2px", "margin-left:-10px", "opacity:10%"])(
    "reads text with the style %s",
    async (style) => {
      expect(await textOf(`<p style="${style}">seen</p>`)).toBe("seen");
    },
  );

  test("keeps the lines of code that are elements of their own (H5)", async () => {
    expect(await textOf("<pre><code><div>a</div><div>b</div></code></pre>")).toBe("a\nb");
    expect(await textOf("<pre><table><tr><td>1<td>a</tr><tr><td>2<td>b</tr></table></pre>")).toMatch(/a\n2/);
    expect(await textOf("<pre><ol><li>a\n</li><li>b</li></ol></pre>")).toBe("a\nb");
  });
});
