import { describe, expect, test } from "vitest";
import { linkSources, renderSource } from "./source-links.ts";

const found = '<li>Defined in <a href="sources:">packages/core/src/index.ts:7</a></li>';

describe("a link to a source", () => {
  test("leads to the page of the file, relative to the page that links", () => {
    const { contents, files } = linkSources(found, "classes/Store.html");
    expect(contents).toContain(
      'href="../sources/packages/core/src/index.ts.html#L7">packages/core/src/index.ts:7</a>',
    );
    expect(files).toEqual(["packages/core/src/index.ts"]);
  });

  test("leaves other links alone", () => {
    const other = '<a href="../index.html">x:7</a>';
    expect(linkSources(other, "index.html")).toEqual({ contents: other, files: [] });
  });
});

describe("the page of a source file", () => {
  test("has an anchor on each line, and shows the text as it is", () => {
    const page = renderSource("packages/core/src/a.ts", "const a = 1 < 2;\n\nexport { a };\n");
    expect(page).toContain('<span id="L1"><a href="#L1">1</a>const a = 1 &lt; 2;\n</span>');
    expect(page).toContain('<span id="L3">');
    expect(page).not.toContain('<span id="L4">');
    expect(page).toContain('href="../../../../index.html"');
  });
});
