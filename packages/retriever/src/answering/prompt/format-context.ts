import type { Passage, Retrieval, Tokenizer } from "@binnacle/core";
import { parseOptions, part, once } from "@binnacle/core/kit";
import { z } from "zod";
import { citePassage, type Citation, type CitedRange } from "../citations/citation.ts";
import { checkedCounter } from "../../chunking/tokenizer/checked-tokenizer.ts";
import { checkRetrieval } from "../../retrieval/check-retrieval.ts";
import { createCautiousTokenizer } from "./cautious-tokenizer.ts";
import { tagKey, tagLabel, renderPassage, withoutControlTokens } from "./source-tags.ts";

/** Options of {@link formatContext}. */
export interface FormatContextOptions {
  /** Maximum number of tokens in the whole text, tags included. */
  readonly maxTokens: number;
  /**
   * Counts the text. The model's own tokenizer makes the budget exact. @default an estimate that is rather
   * high for English
   */
  readonly tokenizer?: Pick<Tokenizer, "count"> | undefined;
  /**
   * The order of the passages in the text. Both orders number the best passage 1. `best-last` puts it at the
   * end, next to the question, which helps small models. @default "best-first"
   */
  readonly order?: "best-first" | "best-last" | undefined;
}

/** A passage that is not in the context, or only in part. */
export interface ContextCut {
  readonly documentId: string;
  readonly start: number;
  readonly end: number;
  /**
   * The cause. `budget`: the passage had no room. `shortened`: only a part had room. `duplicate`: the context
   * already contains the text.
   */
  readonly reason: "budget" | "shortened" | "duplicate";
}

/** Passages as text for a model, and the citations behind the numbers in it. */
export interface FormattedContext {
  /** The tagged passages. Empty if no passage had room. */
  readonly text: string;
  /** The word in the tags. No passage contains it. */
  readonly key: string;
  readonly citations: readonly Citation[];
  /** Number of tokens in `text`, at most `maxTokens`. */
  readonly tokens: number;
  readonly cut: readonly ContextCut[];
}

const schema = once(() =>
  z.strictObject({
    maxTokens: z.number().nonnegative(),
    tokenizer: part<Pick<Tokenizer, "count">>(
      ["count"],
      "a Tokenizer, such as await createTokenizer()",
    ).optional(),
    order: z.enum(["best-first", "best-last"]).default("best-first"),
  }),
);

/**
 * Formats the passages of a retrieval as tagged text for a prompt, within a budget. The best passage has
 * number 1. If a passage has no room, its best hit takes its place. If even that has no room and the context
 * is still empty, the beginning of the hit does. The same retrieval always yields the same text.
 */
export function formatContext(retrieval: Retrieval, options: FormatContextOptions): FormattedContext {
  const { maxTokens, tokenizer: given, order } = parseOptions("formatContext", schema(), options);
  const tokenizer = given === undefined ? createCautiousTokenizer() : checkedCounter(given);
  checkRetrieval("formatContext", retrieval);
  const key = tagKey(
    retrieval.passages.flatMap(({ documentId, text, title = "", path }) => [
      documentId,
      text,
      title,
      ...path,
    ]),
  );
  const citations: Citation[] = [];
  const cut: ContextCut[] = [];
  const render = (added: readonly Citation[]): string => {
    const rendered = [...citations, ...added].map((citation) => renderCitation(citation, key));
    return (order === "best-last" ? rendered.toReversed() : rendered).join("\n\n");
  };
  for (const passage of retrieval.passages) {
    const { documentId, start, end } = passage;
    if (citations.some(({ text }) => text.includes(passage.text))) {
      cut.push({ documentId, start, end, reason: "duplicate" });
      continue;
    }
    const variants = shorterAndShorter(passage, citations.length === 0);
    const fits = (part: CitedRange): boolean =>
      tokenizer.count(render([citePassage(passage, citations.length + 1, part)])) <= maxTokens;
    const range = variants.find(fits);
    if (range === undefined) cut.push({ documentId, start, end, reason: "budget" });
    if (range === undefined) continue;
    citations.push(citePassage(passage, citations.length + 1, range));
    if (range.end - range.start < end - start) cut.push({ documentId, start, end, reason: "shortened" });
  }
  const text = render([]);
  return { text, key, citations, tokens: tokenizer.count(text), cut };
}

/**
 * Yields shorter and shorter beginnings of the best hit's text, each cut at a space or line break if there is
 * one.
 */
function* beginnings(best: CitedRange, passage: Passage): Iterable<CitedRange> {
  const text = passage.text.slice(best.start - passage.start, best.end - passage.start);
  for (let length = text.length; length > 40;) {
    length = Math.floor(length * 0.8);
    const cutAt = Math.max(text.lastIndexOf(" ", length), text.lastIndexOf("\n", length));
    const kept = text.slice(0, cutAt > 0 ? cutAt : length).trimEnd();
    if (kept !== "" && kept.isWellFormed()) yield { start: best.start, end: best.start + kept.length };
  }
}

function shorterAndShorter(passage: Passage, alsoParts: boolean): readonly CitedRange[] {
  const best = bestHit(passage);
  return [passage, best, ...(alsoParts ? beginnings(best, passage) : [])];
}

function bestHit({ hits, start, end }: Passage): CitedRange {
  const [best] = hits.toSorted((a, b) => b.score - a.score);
  return best?.chunk ?? { start, end };
}

function renderCitation({ number, title = "", path, documentId, text }: Citation, key: string): string {
  const label = tagLabel([title === "" ? documentId : title, ...path]);
  return renderPassage({ number, label, text: withoutControlTokens(text) }, key);
}
