import { createEstimatingTokenizer } from "@binnacle/retriever";

const tokenizer = createEstimatingTokenizer();

/** Counts the tokens of a text, roughly and for any model. */
export function countTokens(text: string): number {
  return tokenizer.count(text);
}

/** Collects lines up to a number of tokens, and counts the lines that had no room. */
export class TokenBudget {
  readonly limit: number;
  readonly #lines: string[] = [];
  #used = 0;
  #cut = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  get used(): number {
    return this.#used;
  }

  /** Number of lines that had no room. */
  get cut(): number {
    return this.#cut;
  }

  get left(): number {
    return Math.max(0, this.limit - this.#used);
  }

  get text(): string {
    return this.#lines.join("\n");
  }

  /** Adds the line if there is room. After the first line without room every later line is cut too. */
  add(line: string): boolean {
    const tokens = countTokens(line) + 1;
    if (this.#cut > 0 || tokens > this.left) {
      this.#cut += 1;
      return false;
    }
    this.#used += tokens;
    this.#lines.push(line);
    return true;
  }
}
