import { isBlankLine, readLine, type Line } from "./markdown-line.ts";

/** Where a text's front matter stands. */
export interface FrontMatterBlock {
  readonly language: "yaml" | "toml";
  /** Its opening mark, behind a byte order mark. */
  readonly start: number;
  /** What stands between the marks. */
  readonly content: { readonly start: number; readonly end: number };
  /** One past its closing mark. */
  readonly end: number;
  /** Start of the line after it. */
  readonly next: number;
}

/** Longest block, marks included, in UTF-16 units: YAML's readers are slow, and nobody writes more about a page. */
const LONGEST_BLOCK = 16_384;

/** What a line of a YAML mapping begins with; as in YAML, with none of the marks that begin other things there. */
const key = /^(?:\{|\? |<<:|"[^"]*"\s*:|'[^']*'\s*:|(?:-(?=\S)|[^\s"'#%&*,<>?@[\]`{|}!-]).*?:(?:\s|$))/;
const otherYaml = /^(?:#|- |-$|[\]}])/;

/**
 * The front matter that a Markdown text begins with: `---` to `---` or `...`, or `+++` to `+++` (TOML). One rule for all
 * who read the text, and one that needs no YAML: a page may as well begin with a rule and hold another one further down.
 * So between dashes the first line that is neither blank nor a comment begins with a key (`title:`), no comment before it
 * follows a blank line (that would be a heading), and no line that follows a blank one is the beginning of a paragraph.
 */
export function frontMatterBlock(text: string): FrontMatterBlock | undefined {
  const start = text.startsWith("\ufeff") ? 1 : 0;
  const first = readLine(text, start);
  const mark = text.slice(first.start, first.end);
  if (mark !== "---" && mark !== "+++") return undefined;
  const language = mark === "---" ? "yaml" : "toml";
  const mapping = new MappingCheck();
  for (let next = first.next; next < text.length;) {
    const line = readLine(text, next);
    if (line.end - start > LONGEST_BLOCK) return undefined;
    const written = text.slice(line.start, line.end);
    if (written === mark || (language === "yaml" && written === "...")) {
      const content = { start: first.next, end: line.start };
      return { language, start, content, end: line.end, next: line.next };
    }
    if (language === "yaml" && !mapping.goesOnWith(line, written)) return undefined;
    next = line.next;
  }
  return undefined;
}

/** Whether lines may be those of a YAML mapping; errors that are no Markdown are left to YAML's own reader. */
class MappingCheck {
  #hasKey = false;
  #afterBlank = false;

  goesOnWith(line: Line, written: string): boolean {
    const afterBlank = this.#afterBlank;
    this.#afterBlank = isBlankLine(line);
    if (this.#afterBlank) return true;
    if (!this.#hasKey && written.trimStart().startsWith("#")) return !afterBlank;
    if (this.#hasKey && (!afterBlank || line.indent > 0 || otherYaml.test(written))) return true;
    this.#hasKey = key.test(written);
    return this.#hasKey;
  }
}
