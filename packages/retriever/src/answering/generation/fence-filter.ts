import { repeatsQuestion } from "./repeats-question.ts";

/** Matches a tag of the default prompt, such as `<source-3f2a1c 1: Title>`. */
const tag = /<\/?source-[0-9a-f]{6}(?:\s[^>\n]*)?>[^\S\n]*\n?/giu;
/** Matches a line that may repeat the prompt's question. The groups are the question and what answers it. */
const questionLine = /^[^\S\n]*\**(?:Question|Query)\**:(.*?)(?:\**\bAnswer\**:\**\s*(\S.*)?)?$/isu;
const words = ["Question:", "Query:"];
const codeFence = /^\s*(`{3,}|~{3,})/u;
/** A longer beginning of a tag is no tag. */
const longestTag = 300;

/**
 * Takes the prompt's own marks out of a model's text: the tags around sources, and lines that repeat the
 * question after `Question:`. Small models copy them. A mark may be cut anywhere between two pieces. If
 * nothing but the question is left, the question stays, because a text never becomes empty by it.
 */
export class FenceFilter {
  readonly #asked: readonly string[];
  #held = "";
  /** The beginning of the line that has been shown. */
  #line = "";
  /** The marks that opened a code block. */
  #code: string | undefined;
  #dropped = "";
  #hasShown = false;
  /** True after a tag, whose line break goes with it. */
  #swallows = false;

  /** `asked` holds the question as it was asked, and as the prompt has it. */
  constructor(asked: readonly string[]) {
    this.#asked = asked;
  }

  /** Returns the part of the text that can be shown. Keeps the end back while it may be a part of a mark. */
  add(text: string): string {
    return this.#read(this.#held + text, false);
  }

  /** Returns what was kept back at the end of the text. */
  end(): string {
    const rest = this.#read(this.#held, true);
    return this.#hasShown ? rest : this.#dropped + rest;
  }

  #read(given: string, isLast: boolean): string {
    let rest = this.#withoutTags(given);
    let shown = "";
    while (rest !== "") {
      const end = rest.indexOf("\n") + 1;
      const line = end === 0 ? rest : rest.slice(0, end);
      const isWhole = end > 0 || isLast;
      const mayAsk = this.#line === "" && this.#code === undefined && questionLine.test(line);
      if (mayAsk && !isWhole) break;
      const kept = isWhole ? line.length : this.#safeLength(line);
      shown += mayAsk ? this.#withoutQuestion(line) : line.slice(0, kept);
      rest = rest.slice(kept);
      this.#pass(line.slice(0, kept));
      if (kept < line.length) break;
    }
    this.#held = rest;
    if (shown.trim() !== "") this.#hasShown = true;
    return shown;
  }

  /** Notes a part of a line, which may open or close a code block. */
  #pass(part: string): void {
    this.#line += part;
    if (!part.endsWith("\n")) return;
    const mark = codeFence.exec(this.#line)?.[1];
    if (this.#code === undefined) this.#code = mark;
    else if (mark?.startsWith(this.#code) === true) this.#code = undefined;
    this.#line = "";
  }

  /** Returns the line, or the answer in it if it repeats the question. */
  #withoutQuestion(line: string): string {
    const [, question = "", answer = ""] = questionLine.exec(line) ?? [];
    if (!repeatsQuestion(question, this.#asked)) return line;
    if (answer === "") this.#dropped += line;
    return answer;
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
    const beginning = line.trimStart().replace(/^\*+/u, "").replace(/\*+$/u, "").toLowerCase();
    const isStart = this.#line === "" && this.#code === undefined;
    const mayAsk = isStart && words.some((word) => word.toLowerCase().startsWith(beginning));
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
