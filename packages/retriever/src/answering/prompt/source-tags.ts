import { createHash } from "node:crypto";

/** One passage as a model reads it. */
export interface TaggedPassage {
  readonly number: number;
  /** The document's title or id, and the heading path. */
  readonly label: string;
  readonly text: string;
}

/** A longer label does not help a model. */
const maxLabelCharacters = 200;

/**
 * Chooses a word that occurs in none of the texts, so that no document can open or close a tag. The same
 * texts always yield the same word.
 */
export function tagKey(texts: readonly string[]): string {
  const digest = createHash("sha256").update(JSON.stringify(texts)).digest("hex");
  // A text may quote one key, but it cannot quote every key.
  for (let attempt = 0; ; attempt++) {
    const key = createHash("sha256").update(`${attempt} ${digest}`).digest("hex").slice(0, 6);
    if (!texts.some((text) => text.toLowerCase().includes(key))) return key;
  }
}

/** Renders one passage between its tags. */
export function renderPassage({ number, label, text }: TaggedPassage, key: string): string {
  return `<source-${key} ${number}${label === "" ? "" : `: ${label}`}>\n${text}\n</source-${key}>`;
}

/**
 * Puts a title or path on one line, without characters that could end the opening tag. At most 200
 * characters.
 */
export function tagLabel(parts: readonly string[]): string {
  const label = [...new Set(parts)].join(" > ").replace(/[<>\p{C}\s]+/gu, " ");
  // The cut may split a surrogate pair, and model servers reject a text with half of a pair.
  return withoutControlTokens(label).trim().slice(0, maxLabelCharacters).toWellFormed();
}

/**
 * Inserts a space into the turn markers of chat templates, such as `<|im_end|>`, `[INST]`, `<start_of_turn>`
 * and `</s>`. A server that parses special tokens in a prompt would otherwise let a document end its turn and
 * begin a new one.
 */
export function withoutControlTokens(text: string): string {
  return text.replace(controlToken, (token) => `${token.slice(0, 1)} ${token.slice(1)}`);
}

const controlToken =
  /<[|｜][^<>\n]{1,64}[|｜]>|<\/?s>|<\/?(?:start|end)_of_turn>|<<\/?SYS>>|\[\/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_RESULTS|TOOL_CALLS)\]|<(?:bos|eos|pad|unk)>/giu;
