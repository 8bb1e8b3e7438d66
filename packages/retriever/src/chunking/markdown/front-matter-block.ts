import { isBlankLine, readLine, type Line } from "./markdown-line.ts";

/** The position of a text's front matter. */
export interface FrontMatterBlock {
  readonly language: "yaml" | "toml";
  /** Start of the opening mark, after a byte order mark. */
  readonly start: number;
  /** The range between the marks. */
  readonly content: { readonly start: number; readonly end: number };
  /** One past the closing mark. */
  readonly end: number;
  /** Start of the next line. */
  readonly next: number;
}

/**
 * The longest block with its marks, in UTF-16 units. YAML readers are slow, and real front matter is shorter.
 */
const LONGEST_BLOCK = 16_384;

/**
 * Matches the beginning of a line of a YAML mapping. A plain key must not begin with YAML's special
 * characters.
 */
const key = /^(?:\{|\? |<<:|"[^"]*"\s*:|'[^']*'\s*:|(?:-(?=\S)|[^\s"'#%&*,<>?@[\]`{|}!-]).*?:(?:\s|$))/;
const otherYaml = /^(?:#|- |-$|[\]}])/;

/**
 * Finds the front matter at the beginning of a Markdown text: from `---` to `---` or `...`, or from `+++` to
 * `+++` (TOML). Undefined if the text has no front matter.
 *
 * A page may also begin with a thematic break and contain a second one. The check needs no YAML reader, so
 * that all readers of the text agree. Between dashes:
 *
 * - The first line that is neither blank nor a comment begins with a key (`title:`).
 * - No comment before it follows a blank line, because that would be a heading.
 * - No line after a blank line is the beginning of a paragraph.
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

/**
 * Checks line by line that a text may be a YAML mapping. It accepts invalid YAML, which the YAML reader
 * reports.
 */
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
