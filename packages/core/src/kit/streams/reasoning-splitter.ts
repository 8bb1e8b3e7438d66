/** A piece of a model's output. */
export interface SplitPiece {
  readonly type: "text" | "reasoning";
  readonly text: string;
}

const opening = /^<(think|thinking|thought|reasoning)>/i;
const openings = ["<think>", "<thinking>", "<thought>", "<reasoning>"];

/**
 * Separates reasoning that a model writes into its text, as in `<think>…</think>`, from the answer after it.
 * Tags count only at the beginning of the text. A tag may be cut anywhere between two pieces.
 */
export class ReasoningSplitter {
  #state: "start" | "reasoning" | "text" = "start";
  #held = "";
  #close = "";
  /** True after reasoning, because the blank lines between it and the answer belong to neither. */
  #trims = false;

  /** True once the answer has begun. All further output is text. */
  get isPast(): boolean {
    return this.#state === "text";
  }

  /** Splits the next piece of the output. Keeps the end back while it may be a part of a tag. */
  add(text: string): readonly SplitPiece[] {
    if (this.#state === "text") return text === "" ? [] : [{ type: "text", text }];
    this.#held += text;
    return this.#state === "start" ? this.#begin() : this.#reason();
  }

  /** Returns what was kept back at the end of the output. */
  end(): readonly SplitPiece[] {
    const held = this.#held;
    this.#held = "";
    const type = this.#state === "reasoning" ? "reasoning" : "text";
    return held === "" || (this.#trims && held.trim() === "") ? [] : [{ type, text: held }];
  }

  #begin(): readonly SplitPiece[] {
    const trimmed = this.#held.trimStart();
    const tag = opening.exec(trimmed);
    if (tag !== null) {
      this.#state = "reasoning";
      this.#close = `</${tag[1]}>`;
      this.#held = trimmed.slice(tag[0].length);
      return this.#reason();
    }
    const beginning = trimmed.toLowerCase();
    if (openings.some((one) => one.startsWith(beginning))) return [];
    const text = this.#trims ? trimmed : this.#held;
    this.#held = "";
    this.#state = "text";
    return [{ type: "text", text }];
  }

  #reason(): readonly SplitPiece[] {
    // A copy in lower case may be longer, as of "İ", so that its offsets are not those of the text.
    const end = this.#held.search(new RegExp(this.#close, "i"));
    if (end === -1) {
      const keep = Math.min(this.#held.length, this.#close.length - 1);
      const text = this.#held.slice(0, this.#held.length - keep);
      this.#held = this.#held.slice(this.#held.length - keep);
      return text === "" ? [] : [{ type: "reasoning", text }];
    }
    const reasoning = this.#held.slice(0, end);
    this.#held = this.#held.slice(end + this.#close.length);
    this.#state = "start";
    this.#trims = true;
    const rest = this.#begin();
    return reasoning === "" ? rest : [{ type: "reasoning", text: reasoning }, ...rest];
  }
}

/** Matches code, whose tags are content, or a tag of reasoning. */
const codeOrTag = /```[^]*?(?:```|$)|`[^`\n]*`|<(\/?)(?:think|thinking|thought|reasoning)>/giu;

/**
 * Removes reasoning that ends with `</think>` but has no opening tag, because the template opens it in the
 * prompt. If nothing follows the tag, only the tag is removed.
 */
export function withoutUnopenedReasoning(text: string): string {
  const tag = Array.from(text.matchAll(codeOrTag)).find(([, slash]) => slash !== undefined);
  if (tag?.[1] !== "/") return text;
  const answer = text.slice(tag.index + tag[0].length).trimStart();
  return answer === "" ? text.slice(0, tag.index).trimEnd() : answer;
}
