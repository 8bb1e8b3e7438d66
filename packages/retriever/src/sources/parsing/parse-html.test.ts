import fc from "fast-check";
import { describe, expect, inject, test } from "vitest";
import { HtmlReader } from "./html-reader.ts";
import { parseHtml } from "./parse-html.ts";

async function textOf(html: string): Promise<string> {
  return (await parseHtml(html)).text;
}

describe("visible text", () => {
  test("keeps the visible text and drops navigation, page frame, code and controls", async () => {
    const { text, title, uri } = await parseHtml(`<!doctype html><html><head><title> Tea &amp;
    cake </title><link rel="canonical" href="https://example.org/tea"><style>p{}</style></head><body>
    <nav>Home</nav><header><h1>The site</h1></header><div role="search">Find</div>
    <p>Tea is <b>hot</b>.</p><script>let a = "<main>";</script><aside>Adverts</aside><p hidden>Draft</p>
    <span aria-hidden="true">*</span><button>Copy</button><p style="display: none">Gone</p><footer>Imprint</footer>`);
    expect(text).toBe("Tea is hot.");
    expect(title).toBe("Tea & cake");
    expect(uri).toBe("https://example.org/tea");
  });

  test("uses only the first title element, as the page's title", async () => {
    const { text, title } = await parseHtml(`<title>Tea</title><svg><title>Cup</title></svg>a
    <math><title>Heat</title></math><title>More</title>b`);
    expect(title).toBe("Tea");
    expect(text).toBe("a b");
  });

  test("reads only main if the page has one, with its header and notes", async () => {
    const html = `<p>Before</p><main><header><h1>Brewing</h1></header><aside>Careful: hot.</aside>
    <nav>On this page</nav>Pour.</main><p>After</p>`;
    expect(await textOf(html)).toBe("Brewing\n\nCareful: hot.\n\nPour.");
    expect(await textOf(`<div>Before</div><div role="main"><p>Pour.</p></div>`)).toBe("Pour.");
  });

  test("reads the only article of a page without main, but the whole body if there are several", async () => {
    expect(await textOf("<p>Site</p><article>One</article>")).toBe("One");
    expect(await textOf("<p>Site</p><article>One</article><article>Two</article>")).toBe(
      "Site\n\nOne\n\nTwo",
    );
  });

  test("falls back if main has no words or the page is only navigation", async () => {
    expect(await textOf("<main><script>app()</script></main><p>Static text</p>")).toBe("Static text");
    expect(await textOf("<nav><a>One</a> <a>Two</a></nav>")).toBe("One Two");
    expect(await textOf("")).toBe("");
    expect(await textOf("<!-- nothing -->")).toBe("");
  });

  test("keeps words whole and apart: entities, inline marks, soft hyphens, blocks, line breaks", async () => {
    expect(await textOf("AT&amp;T won&shy;der<i>ful</i>&nbsp;day &lt;b&gt; &#x1F600;")).toBe(
      "AT&T wonderful day <b> 😀",
    );
    expect(await textOf("<div>a</div><div>b</div><p>c</p>d<br>e<br><br>f")).toBe("a\nb\n\nc\n\nd\ne\n\nf");
    expect(await textOf("<p>one<p>two")).toBe("one\n\ntwo");
  });

  test("replaces an image by its alternative text", async () => {
    expect(await textOf(`See<img alt="a red door" src="x"><img src="y"><img alt="">here`)).toBe(
      "See a red door here",
    );
  });

  test("drops a button, but keeps the words of a button in a heading or summary", async () => {
    const { text, title, outline } = await parseHtml(`<h2 class="accordion-header"><button>Q1</button></h2>
    <div>A1 <button>Copy</button></div><h3><button><svg><text>+</text></svg>How do I rotate the key?</button></h3>
    <details><summary><button>More</button></summary>Text<button>Close</button></details>`);
    expect(text).toBe("Q1\n\nA1\n\nHow do I rotate the key?\n\nMore\nText");
    expect(title).toBe("Q1");
    expect(outline?.map(({ path }) => path)).toEqual([["Q1"], ["Q1", "How do I rotate the key?"]]);
    expect(await textOf("<pre>a<button>Copy</button>b</pre>")).toBe("ab");
  });

  test("keeps the text of a button that was never closed or that contains a heading", async () => {
    expect(await textOf("<button>x<p>unclosed button")).toBe("x\n\nunclosed button");
    expect(await textOf("<div><button>x</div><div>rest</div>")).toBe("x\nrest");
    expect(await textOf("<button>x<div>the <b>re</b>st</div>of it")).toBe("x the rest of it");
    const { text, outline } = await parseHtml("<button><h3>Q1</h3></button><button>Copy</button><p>A1</p>");
    expect(text).toBe("Q1\n\nA1");
    expect(outline?.map(({ path }) => path)).toEqual([["Q1"]]);
  });
});

describe("lists, tables and code", () => {
  test("keeps the signs, numbers and depth of lists", async () => {
    const html = `<ul><li>a<li><p>b</p><ul><li>c</li></ul></li><li></li></ul><ol start="3"><li>d<li>e</ol>`;
    expect(await textOf(html)).toBe("- a\n- b\n  - c\n\n3. d\n4. e");
  });

  test("renders a table as rows of cells, and a layout table as its text", async () => {
    const table = `<table><caption>Sizes</caption><tr><th>Name<th>Width<tr><td>a<br>b<td><p>1</p><p>2</p>
    <tr><td>c<td><td>3<tr><td><td>4</table>`;
    expect(await textOf(table)).toBe("Sizes\nName | Width\na b | 1 2\nc |  | 3\n| 4");
    const layout = "<table><tr><td>Menu<td><h1>Title</h1><p>Text</p></table>";
    const { text, outline } = await parseHtml(layout);
    expect(text).toBe("Menu\n\nTitle\n\nText");
    expect(outline).toEqual([{ start: 6, end: 17, path: ["Title"], kind: "section" }]);
  });

  test("takes a table's head, or else a first row of only headings, as heading rows", async () => {
    const headerOf = async (rows: string): Promise<string | undefined> => {
      const { text, outline } = await parseHtml(`<table><caption>Ports</caption>${rows}</table>`);
      const header = outline?.[0]?.header;
      return header && text.slice(header.start, header.end);
    };
    expect(await headerOf("<tr><th>Port<th>Use<tr><td>22<td>ssh<tr><td>80<td>http")).toBe("Port | Use");
    const head = "<thead><tr><td>Port<td>Use</tr><tr><td>number<td>name</tr></thead>";
    expect(await headerOf(`${head}<tbody><tr><th>22<td>ssh`)).toBe("Port | Use\nnumber | name");
    expect(await headerOf(`${head}<tr><td>22<td>ssh`)).toBe("Port | Use\nnumber | name");
    expect(await headerOf("<tbody><tr><th>Port<th>Use<tr><th>Common<tr><td>22<td>ssh")).toBe("Port | Use");
    expect(await headerOf("<tr><th>Port<td>22<tr><th>Use<td>ssh")).toBeUndefined();
    expect(await headerOf("<tr><th>Port<th>Use")).toBeUndefined();
    expect(await headerOf("<tr><th><th><tr><td>22<td>ssh")).toBeUndefined();
  });

  test("keeps code unchanged", async () => {
    const html = "<p>Run:<pre><code>\nif (a)\n\t<b>go</b>  now &lt;\n\n</code></pre>then";
    expect(await textOf(html)).toBe("Run:\n\nif (a)\n\tgo  now <\n\nthen");
    expect(await textOf("<pre><code>import a</code><code>require(a)</code></pre>")).toBe(
      "import a\nrequire(a)",
    );
  });
});

describe("outline", () => {
  test("nests sections by their headings and puts tables and code inside them", async () => {
    const { text, outline, title } = await parseHtml(`<p>Intro<h1>Guide<a class="headerlink">¶</a></h1><p>x
    <h3>Deep</h3><pre>code</pre><h2>Next <a href="#n">#</a></h2><table><tr><td>1<td>2</table>`);
    expect(text).toBe("Intro\n\nGuide\n\nx\n\nDeep\n\ncode\n\nNext\n\n1 | 2");
    expect(title).toBe("Guide");
    const shown = outline?.map(({ start, end, path, kind }) => [
      kind,
      path.join(">"),
      text.slice(start, end),
    ]);
    expect(shown).toEqual([
      ["section", "Guide", text.slice(7)],
      ["section", "Guide>Deep", "Deep\n\ncode\n\n"],
      ["code", "Guide>Deep", "code"],
      ["section", "Guide>Next", "Next\n\n1 | 2"],
      ["table", "Guide>Next", "1 | 2"],
    ]);
    expect(outline?.map(({ keepWhole }) => keepWhole)).toEqual([undefined, undefined, true, undefined, true]);
  });

  test("ends a heading that was never closed where a block begins", async () => {
    const { outline } = await parseHtml("<h1>Title<p>Text<h2>Second<ul><li>a</ul>");
    expect(outline?.map(({ path }) => path)).toEqual([["Title"], ["Title", "Second"]]);
  });

  test("nests the outline within the text and leaves no blank edges, whatever the tags", async () => {
    const tag = fc.constantFrom(
      ..."p div h1 h2 h3 pre table tr td th ul ol li br main article section nav a b code hr title dl dt button summary thead tbody".split(
        " ",
      ),
    );
    const piece = fc.oneof(
      tag.map((name) => `<${name}>`),
      tag.map((name) => `</${name}>`),
      fc.constantFrom("word", " ", "\n", "&nbsp;", "¶", "<!-- c -->", "<", "&", "😀"),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 60 }), async (pieces) => {
        const { text, outline = [] } = await parseHtml(pieces.join(""));
        expect(text).toBe(text.trimEnd());
        // Code may begin with blanks and contain blank lines.
        if (!pieces.includes("<pre>")) expect(text).toBe(text.trimStart().replace(/\n{3,}/g, "\n\n"));
        const open: { end: number }[] = [];
        let last = 0;
        for (const { start, end, path, kind, header = { start, end } } of outline) {
          expect(header.start).toBeGreaterThanOrEqual(start);
          expect(header.end).toBeGreaterThan(header.start);
          expect(header.end).toBeLessThanOrEqual(end);
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          last = start;
          while ((open.at(-1)?.end ?? Infinity) <= start) open.pop();
          expect(end).toBeLessThanOrEqual(open.at(-1)?.end ?? text.length);
          open.push({ end });
          if (kind === "section")
            expect(text.slice(start).startsWith(path.at(-1)?.split(" ")[0] ?? "")).toBe(true);
        }
      }),
      { numRuns: 500 * inject("propertyShare") },
    );
  });
});

describe("limits", () => {
  test("finds the text in 1,000 nested elements", async () => {
    expect(await textOf(`${"<div>".repeat(1_000)}deep`)).toBe("deep");
    expect(await textOf(`${"<ul><li>".repeat(500)}deep`)).toMatch(/^ *- deep$/);
    expect(await textOf(`${"<table><tr><td>".repeat(333)}deep`)).toBe("deep");
  });

  test("rejects a page that nests too deep, before it takes time", async () => {
    const mistakes = [
      `${"<b>".repeat(90_000)}${"</i>".repeat(400_000)}`,
      "<table>".repeat(99_000),
      "<b>".repeat(1_001),
    ];
    for (const page of mistakes) await expect(parseHtml(page)).rejects.toMatchObject({ code: "too_deep" });
  });

  test("reads 200,000 nested tables with headings in linear time", () => {
    const reader = new HtmlReader("body");
    const start = performance.now();
    for (let depth = 0; depth < 200_000; depth++) {
      for (const name of ["table", "h1"]) reader.onopentag(name, {});
      reader.ontext("a");
      reader.onclosetag("h1", false);
    }
    for (let depth = 0; depth < 200_000; depth++) reader.onclosetag("table", true);
    // A linear reader takes half a second. A reader that visits all open elements each time takes minutes.
    expect(performance.now() - start).toBeLessThan(20_000);
    expect(reader.headings).toHaveLength(200_000);
    expect(reader.blocks).toEqual([]);
  });

  test("yields to other work while it parses a long page", async () => {
    let turns = 0;
    let isParsed = false;
    const count = (): void => {
      turns += 1;
      if (!isParsed) setImmediate(count);
    };
    count();
    await parseHtml("<p>word</p>".repeat(100_000));
    isParsed = true;
    expect(turns).toBeGreaterThan(60);
  });

  test("stops parsing a long page on an abort", async () => {
    const reason = { why: "enough" };
    await expect(parseHtml("<p>a</p>".repeat(20_000), AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  test("returns the same text for a long page however the parser is fed", async () => {
    const words = Array.from({ length: 40_000 }, (_, index) => `w${index}&amp;`).join(" ");
    expect(await textOf(`<p>${words}</p>`)).toBe(words.replaceAll("&amp;", "&"));
  });
});
