import { expect, test } from "vitest";

interface Make {
  element(tag: string, children: readonly string[], attributes?: Readonly<Record<string, unknown>>): string;
  text(value: string): string;
  citation(number: number): string | undefined;
}

// The page's own module. It has no build step and no type check.
const page: { blocksOf(text: string): readonly unknown[]; nodeOf(block: unknown, make: Make): string } =
  await import(new URL("../../public/markdown.js", import.meta.url).href);

/** Writes as text what the page would build. */
const make: Make = {
  element: (tag, children, attributes = {}) => {
    const written = Object.entries(attributes).map(([name, value]) => ` ${name}=${String(value)}`);
    return `<${tag}${written.join("")}>${children.join("")}</${tag}>`;
  },
  text: (value) => value.replaceAll("<", "&lt;"),
  citation: (number) => (number <= 3 ? `(${number})` : undefined),
};
const shown = (text: string): string =>
  page
    .blocksOf(text)
    .map((block) => page.nodeOf(block, make))
    .join("");

test.each([
  ["paragraphs", "One\nline.\n\nTwo.", "<p>One\nline.</p><p>Two.</p>"],
  [
    "bold and italics",
    "**Bold**, *soft* and **both `x` [1]**",
    "<p><strong>Bold</strong>, <em>soft</em> and <strong>both <code>x</code> (1)</strong></p>",
  ],
  [
    "inline code",
    "Run `keys **rotate**` or `` a`b ``",
    "<p>Run <code>keys **rotate**</code> or <code> a`b </code></p>",
  ],
  ["a heading", "## Backups\nEvery night.", "<h3>Backups</h3><p>Every night.</p>"],
  [
    "a list behind a paragraph",
    "Steps:\n- one\n- two",
    "<p>Steps:</p><ul><li><p>one</p></li><li><p>two</p></li></ul>",
  ],
  ["a numbered list with blank lines", "1. one\n\n2. two", "<ol><li><p>one</p></li><li><p>two</p></li></ol>"],
  ["a list that goes on", "4. four\nand more", "<ol start=4><li><p>four\nand more</p></li></ol>"],
  [
    "a list in a list",
    "1. one\n   - a\n   - b\n2. two",
    "<ol><li><p>one</p><ul><li><p>a</p></li><li><p>b</p></li></ul></li><li><p>two</p></li></ol>",
  ],
  [
    "code in a list",
    "- run\n\n  ```\n  a\n\n  b\n  ```\n- rest",
    "<ul><li><p>run</p><pre><code>a\n\nb</code></pre></li><li><p>rest</p></li></ul>",
  ],
  ["a list, then text", "- one\n\nText", "<ul><li><p>one</p></li></ul><p>Text</p>"],
  [
    "fenced code",
    "```sh\nkeys **x** [1]\n\n  y\n```\nDone.",
    "<pre><code>keys **x** [1]\n\n  y</code></pre><p>Done.</p>",
  ],
  [
    "a table behind a paragraph",
    "Limits:\n| city | limit |\n| --- | ---: |\n| Rome | **180** [1] |\n| a \\| b | |",
    "<p>Limits:</p><table><thead><tr><th>city</th><th>limit</th></tr></thead><tbody><tr><td>Rome</td><td><strong>180</strong> (1)</td></tr><tr><td>a | b</td><td></td></tr></tbody></table>",
  ],
  [
    "a quote",
    "> One\n> - two\n\nThree",
    "<blockquote><p>One</p><ul><li><p>two</p></li></ul></blockquote><p>Three</p>",
  ],
  ["citations behind a fence", "```\nx\n``` [1]", "<pre><code>x</code></pre><p>(1)</p>"],
  ["a fence that is not closed yet", "```sh\nkeys", "<pre><code>keys</code></pre>"],
  ["citations, of sources that are there", "At noon [1][3]. See [9].", "<p>At noon (1)(3). See [9].</p>"],
])("renders %s", (_name, text, expected) => {
  expect(shown(text)).toBe(expected);
});

test.each([
  "2 * 3 * 4 is 24, a*b*c too",
  "snake_case, __init__ and **unclosed",
  "a ` lonely backtick",
  "[a link](http://example.test)",
])("leaves unchanged: %s", (text) => {
  expect(shown(text)).toBe(`<p>${text}</p>`);
});

test("shows HTML as text", () => {
  expect(shown("<img src=x onerror=alert(1)>")).toBe("<p>&lt;img src=x onerror=alert(1)></p>");
});

test("accepts any text without an error or a long delay", () => {
  for (const part of [
    "- ",
    "> ",
    "| ",
    "|-|\n",
    "`",
    "**a ",
    "* ",
    "1. ",
    "```\n",
    "[1",
    "  - a\n",
    "*a `b **c",
  ]) {
    const startedAt = performance.now();
    shown(part.repeat(2000));
    expect(performance.now() - startedAt, part).toBeLessThan(1000);
  }
});
