import fc from "fast-check";
import { expect, test } from "vitest";
import recorded from "./fixtures/words.json" with { type: "json" };
import { inlineWords } from "./inline-words.ts";

const expectWords = (rows: Readonly<Record<string, string>>): void => {
  for (const [source, words] of Object.entries(rows)) {
    expect({ source, words: inlineWords(source) }).toEqual({ source, words });
  }
};

test("returns the same words as markdown-it in lines of every kind of mark", () => {
  for (const { text, words } of recorded) {
    expect({ text, words: inlineWords(text).replaceAll(/\s+/g, " ") }).toEqual({ text, words });
  }
});

test("keeps the content of code spans unchanged", () => {
  expectWords({
    "`__dirname`": "__dirname",
    "`Array<string>` type": "Array<string> type",
    "Using the `<main>` element": "Using the <main> element",
    "`**kwargs` and `*args`": "**kwargs and *args",
    "`` a`b `` and `[x](y)` and `\\*`": "a`b and [x](y) and \\*",
    "`&amp;` for &amp;": "&amp; for &",
    "`a  b`  c": "a  b c",
    "`never closed": "`never closed",
    "\\`no code* *here`": "`no code* *here`",
    "`over\n  two lines`": "over two lines",
  });
});

test("removes emphasis, but keeps marks that emphasise nothing", () => {
  expectWords({
    "*Emphasis* here": "Emphasis here",
    "_Under_ here": "Under here",
    "**bold**, __bold__, ***both***, ~~gone~~": "bold, bold, both, gone",
    "snake_case_words and _private": "snake_case_words and _private",
    "2 * 3 * 4": "2 * 3 * 4",
    "**kwargs": "**kwargs",
    "about ~5 of ~/home": "about ~5 of ~/home",
    "*a**b**c*": "abc",
    "[*link*](x) of [two **words**][ref]": "link of two words",
  });
});

test("replaces links and images by their words, and keeps addresses", () => {
  expectWords({
    "[`foo`](http://x/y_(z))": "foo",
    "[a](<b c> \"t\") [d](e 't') [f](g (t)) [h]()": "a d f h",
    "[![alt](i.png)](x) title": "alt title",
    "[no] [ ] [^1] a[0]": "[no] [ ] [^1] a[0]",
    "[a [b](c) d](e)": "[a b d](e)",
    "<https://example.com/a_b> <me@example.com>": "https://example.com/a_b me@example.com",
  });
});

test("removes tags and comments but keeps '<' signs", () => {
  expectWords({
    'The <em class="a > b">tag</em><br/> here': "The tag here",
    "Title <!-- omit in toc -->": "Title",
    "x < y and z > w": "x < y and z > w",
    "Map<K, V> <3": "Map<K, V> <3",
  });
});

test("resolves escapes and the usual entities", () => {
  expectWords({
    "AT&amp;T &lt;3 &quot;&apos;&gt;": "AT&T <3 \"'>",
    "a&nbsp;b &#39; &#x1F600; &#0;": "a b ' 😀 \ufffd",
    "\\*no\\* emphasis &amp;lt;": "*no* emphasis &lt;",
    "R&D &unknown; &#12345678;": "R&D &unknown; &#12345678;",
  });
});

test("keeps a text without marks, except for its white space", () => {
  const plain = fc.string({ unit: "grapheme" }).filter((text) => !/[\\`<&![\]*_~]/.test(text));
  fc.assert(
    fc.property(plain, (text) => {
      expect(inlineWords(text)).toBe(text.replace(/\s+/g, " ").trim());
    }),
  );
});

test("reads 64,000 characters that each could require a search ahead, in linear time", () => {
  // A search to the end of the text from every character would exceed the test's timeout.
  const marks = [
    "`",
    "[",
    "]",
    "[](",
    "[](<",
    '[a](b "',
    "![",
    "[a][",
    "*",
    "*a",
    "a*",
    "**a_b ",
    "a** _b* ",
  ];
  const signs = [
    "<",
    "<a ",
    '<a b="',
    "<a b c='x\" ",
    "<a@",
    "<http:",
    "<!--",
    "&",
    "&#",
    "\\",
    "~~",
    "{#a",
    " \t",
  ];
  const backticks = Array.from({ length: 360 }, (_, i) => `${"`".repeat(i)}a`).join("");
  for (const text of [...[...marks, ...signs].map((mark) => mark.repeat(65_536 / mark.length)), backticks]) {
    expect(inlineWords(text).length).toBeLessThanOrEqual(text.length);
  }
});
