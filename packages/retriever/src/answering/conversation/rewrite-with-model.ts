import type { CallOptions, ChatMessage, InferenceBackend } from "@binnacle/core";
import { checkStream } from "../generation/check-events.ts";
import { withoutControlTokens } from "../prompt/source-tags.ts";
import { contentWords } from "../../text/content-words.ts";
import { sentenceRanges } from "../../text/sentence-ranges.ts";
import type { ConversationTurn } from "./conversation-turn.ts";
import { subjectPhrases } from "./is-follow-up.ts";

/** A model's request to complete a follow-up. */
export interface RewriteRequest {
  readonly question: string;
  /** The turns that the model reads, oldest first. */
  readonly turns: readonly ConversationTurn[];
  readonly backend: InferenceBackend;
  readonly seed?: number | undefined;
}

/** A model that thinks before it answers needs some room for that. */
const maxTokens = 256;
/** The most characters that a rewritten question may add. */
const mostAdded = 300;
const instructions = [
  "Rewrite the last question of a conversation so that it can be understood without the conversation.",
  'Replace words such as "it" and "they" by the things that they mean. Keep the other words and the language.',
  "If the question can be understood alone, repeat it. Do not answer it. Reply with one question and nothing else.",
].join("\n");

/**
 * Lets the model complete a question from the turns before it. Resolves to undefined if the model repeats the
 * question, or if its text is no form of the question.
 */
export async function rewriteWithModel(
  { question, turns, backend, seed }: RewriteRequest,
  options: CallOptions,
): Promise<string | undefined> {
  const messages = rewriteMessages(question, turns);
  const generation = backend.stream({ messages, maxTokens, temperature: 0, seed }, options);
  checkStream(generation);
  const { text, finishReason } = await generation.result;
  if (finishReason !== "stop") return undefined;
  const rewritten = firstLine(text);
  return isFormOf(rewritten, question, turns) && rewritten !== question.trim() ? rewritten : undefined;
}

function rewriteMessages(question: string, turns: readonly ConversationTurn[]): readonly ChatMessage[] {
  const lines = turns.flatMap((turn) => [`User: ${turn.question}`, `Assistant: ${turn.answer}`]);
  const asked = `Conversation:\n${lines.join("\n")}\n\nLast question: ${question}\nRewritten question:`;
  return [
    { role: "system", content: instructions },
    { role: "user", content: withoutControlTokens(asked) },
  ];
}

/** Returns the first line with text, without a label, quotes or emphasis around it. */
function firstLine(text: string): string {
  const line = text.split("\n").find((one) => one.trim() !== "") ?? "";
  const bare = line.trim().replace(/^(?:\p{L}+ )?question:\s*/iu, "");
  return bare.replace(/^[*_"'“„«`\s]+|[*_"'”“»`\s]+$/gu, "");
}

/**
 * Returns true if the text is one question, keeps a word of the given one, and has mostly words that are known
 * from the conversation.
 * A small model may answer the question or talk about something else, and that must not be searched.
 */
function isFormOf(rewritten: string, question: string, turns: readonly ConversationTurn[]): boolean {
  if (rewritten === "" || rewritten.length > question.length + mostAdded) return false;
  if (isAsked(question) && (!isAsked(rewritten) || sentenceRanges(rewritten).length > 1)) return false;
  const found = contentWords(rewritten).map(({ stem }) => stem);
  const has = (stem: string): boolean => found.some((other) => sharesBeginning(other, stem));
  const own = subjectPhrases(question).flatMap(({ stems }) => stems);
  if (own.length > 0 && !own.some(has)) return false;
  const known = contentWords([question, ...turns.flatMap((turn) => [turn.question, turn.answer])].join(" "));
  const unknown = found.filter((stem) => !known.some((word) => sharesBeginning(word.stem, stem)));
  return unknown.length * 2 <= found.length;
}

function isAsked(text: string): boolean {
  return /[?？؟]\s*$/u.test(text);
}

/** Compares two words without their endings: "deleted" and "deletion" count as one. */
function sharesBeginning(one: string, other: string): boolean {
  const length = Math.min(5, Math.max(3, Math.min(one.length, other.length)));
  return one.slice(0, length) === other.slice(0, length);
}
