import { isPlainTextChunk } from "./chat-chunk.ts";

const probe = "\u0000text\u0000";
const mostSkipped = 1_024;
const unescaped = /^"[^"\\\p{Cc}]*"$/u;

/**
 * Reads the text of a chunk that differs from an earlier chunk only in its text. Most chunks of a stream do, and
 * parsing the rest of each again costs more than all other work of a stream.
 */
export class TextChunks {
  #before = "";
  #after = "";
  #skipped = 0;
  #toSkip = 0;

  /** Returns the chunk's text. Undefined if the chunk must be parsed as a whole. */
  textOf(data: string): string | undefined {
    const end = data.length - this.#after.length;
    if (this.#before === "" || end <= this.#before.length) return undefined;
    if (!data.startsWith(this.#before) || !data.endsWith(this.#after)) return undefined;
    const text = stringIn(data.slice(this.#before.length, end));
    if (text !== undefined) this.#skipped = this.#toSkip = 0;
    return text;
  }

  /** Learns from a chunk that was parsed as a whole. Learns rarely if the chunks differ in other fields too. */
  learn(data: string, chunk: unknown): void {
    if (!isPlainTextChunk(chunk) || this.#skipped++ < this.#toSkip) return;
    this.#skipped = 0;
    this.#toSkip = Math.min(mostSkipped, this.#toSkip * 2 + 1);
    const name = /"content":\s*/.exec(data);
    const literal = JSON.stringify(chunk.choices[0].delta.content);
    if (name === null || !data.startsWith(literal, name.index + name[0].length)) return;
    const before = data.slice(0, name.index + name[0].length);
    const after = data.slice(before.length + literal.length);
    // The name may belong to another object. Only the parser can tell.
    if (textIn(before + JSON.stringify(probe) + after) !== probe) return;
    this.#before = before;
    this.#after = after;
  }
}

function textIn(data: string): string | undefined {
  const chunk = parsed(data);
  return isPlainTextChunk(chunk) ? chunk.choices[0].delta.content : undefined;
}

function stringIn(literal: string): string | undefined {
  if (unescaped.test(literal)) return literal.slice(1, -1);
  const text = parsed(literal);
  return typeof text === "string" ? text : undefined;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined; // the reader of whole chunks says what is wrong
  }
}
