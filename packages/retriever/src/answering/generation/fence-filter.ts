/** Matches a tag of the default prompt, such as `<source-3f2a1c 1: Title>`. */
const tag = /<\/?source-[0-9a-f]{6}(?:\s[^>\n]*)?>[^\S\n]*\n?/giu;
/** Matches the beginning of a line that repeats the prompt's question. */
const questionLine = /^[^\S\n]*\**(?:Question|Query)\**:/u;
const words = ["Question:", "Query:"];
/** A longer beginning of a tag is no tag. */
const longestTag = 300;

/**
 * Takes the prompt's own marks out of a model's text: the tags around sources, and lines that begin with
 * `Question:`. Small models copy them. A mark may be cut anywhere between two pieces.
 */
export class FenceFilter {
  #held = "";
  #isLineStart = true;
  /** True after a tag, whose line break goes with it. */
  #swallows = false;

  /** Returns the part of the text that can be shown. Keeps the end back while it may be a part of a mark. */
  add(text: string): string {
    return this.#read(this.#held + text, false);
  }

  /** Returns what was kept back at the end of the text. */
  end(): string {
    return this.#read(this.#held, true);
  }

  #read(given: string, isLast: boolean): string {
    let rest = this.#withoutTags(given);
    let shown = "";
    while (rest !== "") {
      const end = rest.indexOf("\n") + 1;
      const line = end === 0 ? rest : rest.slice(0, end);
      const isWhole = end > 0 || isLast;
      if (this.#isLineStart && questionLine.test(line)) {
        if (!isWhole) break;
        rest = rest.slice(line.length);
        continue;
      }
      const kept = isWhole ? line.length : this.#safeLength(line);
      shown += line.slice(0, kept);
      rest = rest.slice(kept);
      if (kept > 0) this.#isLineStart = end > 0;
      if (kept < line.length) break;
    }
    this.#held = rest;
    return shown;
  }

  #withoutTags(given: string): string {
    const text = this.#swallows ? given.replace(/^[^\S\n]*\n?/u, "") : given;
    if (given.trim() !== "" || given.includes("\n")) this.#swallows = false;
    const rest = text.replace(tag, "");
    const last = Array.from(text.matchAll(tag)).at(-1);
    if (last !== undefined && last.index + last[0].length === text.length && !last[0].endsWith("\n"))
      this.#swallows = true;
    return rest;
  }

  /** Returns the length of the part of an unfinished line that cannot be the beginning of a mark. */
  #safeLength(line: string): number {
    const beginning = line.trimStart().replace(/^\*+/u, "").replace(/\*+$/u, "");
    const mayAsk = this.#isLineStart && words.some((word) => word.startsWith(beginning));
    if (mayAsk && (beginning !== "" || line.includes("*"))) return 0;
    const open = line.lastIndexOf("<");
    if (open === -1 || line.length - open > longestTag) return line.length;
    return mayBeTag(line.slice(open)) ? open : line.length;
  }
}

/** Returns true if a text without `>` may be the beginning of a tag. */
function mayBeTag(text: string): boolean {
  const name = text.replace(/^<\/?/u, "").toLowerCase();
  return "source-".startsWith(name) || /^source-[0-9a-f]{0,6}(?:\s[^>]*)?$/u.test(name);
}
