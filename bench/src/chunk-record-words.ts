// Records the text that markdown-it shows for small random lines, as a reference for the words of headings.
// Run in bench/: npm run record:words
import { writeFileSync } from "node:fs";
import MarkdownIt from "markdown-it";

// No references, which depend on definitions elsewhere, and no entities that the SDK leaves unchanged.
const parts: readonly string[] = [
  "a",
  "b",
  " ",
  " ",
  "*",
  "**",
  "_",
  "__",
  "`",
  "``",
  "`c_d*`",
  "[",
  "](x)",
  '](y_(z) "t")',
  "![",
  "<b>",
  "</b>",
  '<b c="d">',
  "<",
  "> ",
  "\\",
  "\\*",
  "&amp;",
  "&lt",
  "&#35;",
  "<http://x.y>",
  "<!-- c -->",
  "snake_case",
  "é",
  "。",
  "(",
  ")",
  "a*b",
  "**kw",
];

let state = 20_261_127;
const below = (limit: number): number => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0; // Numerical Recipes
  return Math.floor((state / 2 ** 32) * limit);
};

type Tokens = ReturnType<MarkdownIt["parse"]>;

function shown(tokens: Tokens): string {
  return tokens
    .map((token) => {
      if (token.type === "image") return shown(token.children ?? []);
      return ["text", "text_special", "code_inline"].includes(token.type) ? token.content : "";
    })
    .join("");
}

const parser = new MarkdownIt({ html: true });
const rows = Array.from({ length: 600 }, () => {
  const text = Array.from({ length: 2 + below(8) }, () => parts[below(parts.length)])
    .join("")
    .trim();
  return {
    text,
    words: shown(parser.parseInline(text, {})[0]?.children ?? [])
      .replaceAll(/\s+/g, " ")
      .trim(),
  };
}).filter(({ text }) => !text.includes("][") && text !== "");

const target = "../../packages/retriever/src/chunking/markdown/inline/fixtures/words.json";
writeFileSync(
  new URL(target, import.meta.url),
  `[\n${rows.map((row) => JSON.stringify(row)).join(",\n")}\n]\n`,
);
