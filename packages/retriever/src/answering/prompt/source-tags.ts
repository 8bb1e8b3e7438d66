import { createHash } from "node:crypto";

/** Passages as a model reads them. */
export interface TaggedPassage {
  readonly number: number;
  /** Title and heading path, for the model's orientation. */
  readonly label: string;
  readonly text: string;
}

/** Longer labels tell a model nothing more. */
const maxLabelCharacters = 200;

/**
 * A word that occurs in none of the texts, so that no document can write a tag of its own or close ours. The same
 * texts always yield the same word.
 */
export function tagKey(texts: readonly string[]): string {
  const digest = createHash("sha256").update(JSON.stringify(texts)).digest("hex");
  // A text may quote one key; it cannot quote every key.
  for (let attempt = 0; ; attempt++) {
    const key = createHash("sha256").update(`${attempt} ${digest}`).digest("hex").slice(0, 6);
    if (!texts.some((text) => text.toLowerCase().includes(key))) return key;
  }
}

/** One passage between its tags. */
export function renderPassage({ number, label, text }: TaggedPassage, key: string): string {
  return `<source-${key} ${number}${label === "" ? "" : `: ${label}`}>\n${text}\n</source-${key}>`;
}

/** A title or path on one line, without anything that could end the opening tag. */
export function tagLabel(parts: readonly string[]): string {
  const label = [...new Set(parts)].join(" > ").replace(/[<>\p{C}\s]+/gu, " ");
  // A character of two units at the cut must not become half of one: model servers refuse such a text.
  return withoutControlTokens(label).trim().slice(0, maxLabelCharacters).toWellFormed();
}

/**
 * Breaks up what chat templates use as turn markers (`<|im_end|>`, `[INST]`, `<start_of_turn>`, `</s>`, …). A server that
 * parses special tokens in a prompt would otherwise let a document end its own turn and begin another.
 */
export function withoutControlTokens(text: string): string {
  return text.replace(controlToken, (token) => `${token.slice(0, 1)} ${token.slice(1)}`);
}

const controlToken =
  /<[|｜][^<>\n]{1,64}[|｜]>|<\/?s>|<\/?(?:start|end)_of_turn>|<<\/?SYS>>|\[\/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_RESULTS|TOOL_CALLS)\]|<(?:bos|eos|pad|unk)>/giu;
