// Records the top-level headings that markdown-it finds in small random texts, as a reference for the test of
// the Markdown scanner. Run in bench/: npm run record:headings
import { writeFileSync } from "node:fs";
import MarkdownIt from "markdown-it";

const lines: readonly string[] = [
  "text here",
  "# head",
  "## two ##",
  "   ### three",
  "    # code",
  "#none",
  "===",
  "---",
  "***",
  "- item",
  "  - nested",
  "1. one",
  "7. seven",
  "> quote",
  "> # quoted",
  "```",
  "```js",
  "~~~",
  "````",
  "  ```",
  "    indented",
  "\tindented",
  "| a | b |",
  "|---|---|",
  "a | b",
  "",
  "",
  "",
  "<div>",
  "</div>",
  "<!-- c",
  "-->",
  "<b>x</b>",
  "[r]: http://x",
  "  continued",
  "   # three spaces",
  "- # in list",
  "* * *",
  "-",
];

let state = 20_261_122;
const below = (limit: number): number => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0; // Numerical Recipes
  return Math.floor((state / 2 ** 32) * limit);
};

const parser = new MarkdownIt({ html: true });
const rows = Array.from({ length: 600 }, () => {
  const text = Array.from({ length: 2 + below(7) }, () => lines[below(lines.length)]).join("\n");
  const tokens = parser.parse(text, {});
  const headings = tokens.flatMap((token, i) =>
    token.type === "heading_open" && token.level === 0
      ? [`${token.map?.[0]} ${token.tag} ${tokens[i + 1]?.content}`]
      : [],
  );
  return { text, headings };
}).filter(({ text }) => !text.startsWith("---")); // markdown-it has no front matter

const target = "../../packages/retriever/src/chunking/markdown/fixtures/headings.json";
writeFileSync(
  new URL(target, import.meta.url),
  `[\n${rows.map((row) => JSON.stringify(row)).join(",\n")}\n]\n`,
);
