import { ConfigurationError, type Passage, type Retrieval, type Tokenizer } from "@binnacle/core";
import { describeValue, parseOptions, part } from "@binnacle/core/kit";
import { z } from "zod";
import { citePassage, type Citation, type CitedRange } from "../citations/citation.ts";
import { checkedCounter } from "../../chunking/tokenizer/checked-tokenizer.ts";
import { createCautiousTokenizer } from "./cautious-tokenizer.ts";
import { tagKey, tagLabel, renderPassage, withoutControlTokens } from "./source-tags.ts";

/** Options of {@link formatContext}. */
export interface FormatContextOptions {
  /** Most tokens in the whole text, tags included. */
  readonly maxTokens: number;
  /** The model's own tokenizer makes the budget exact. @default an estimate, on the high side for English */
  readonly tokenizer?: Pick<Tokenizer, "count"> | undefined;
  /** `best-last`: the numbers stay, and the best passage stands at the end, next to the question that follows, which
   * helps small models. @default "best-first" */
  readonly order?: "best-first" | "best-last" | undefined;
}

/** A passage, or part of one, that is not in the context. */
export interface ContextCut {
  readonly documentId: string;
  readonly start: number;
  readonly end: number;
  /** `budget`: no room. `shortened`: only a part of the passage had room. `duplicate`: the same text is in it already. */
  readonly reason: "budget" | "shortened" | "duplicate";
}

/** Passages as text for a model, and what the numbers in it stand for. */
export interface FormattedContext {
  /** Empty where no passage had room. */
  readonly text: string;
  /** The word in the tags; no passage contains it. */
  readonly key: string;
  readonly citations: readonly Citation[];
  /** Tokens of `text`. Never over `maxTokens`. */
  readonly tokens: number;
  readonly cut: readonly ContextCut[];
}

const schema = z.strictObject({
  maxTokens: z.number().nonnegative(),
  tokenizer: part<Pick<Tokenizer, "count">>(
    ["count"],
    "a Tokenizer, such as await createTokenizer()",
  ).optional(),
  order: z.enum(["best-first", "best-last"]).default("best-first"),
});

/**
 * Puts the passages of a retrieval into a prompt: the best one has number 1, tagged as data, within the budget. Pure:
 * the same retrieval always yields the same text. A passage that has no room gives way to its best hit alone, and the
 * first one, if need be, to its beginning.
 */
export function formatContext(retrieval: Retrieval, options: FormatContextOptions): FormattedContext {
  const { maxTokens, tokenizer: given, order } = parseOptions("formatContext", schema, options);
  const tokenizer = given === undefined ? createCautiousTokenizer() : checkedCounter(given);
  if (!Array.isArray(retrieval?.passages)) {
    throw new ConfigurationError(
      `formatContext: retrieval: expected what retrieve() returned, got ${describeValue(retrieval)}`,
    );
  }
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

/** The whole passage; its best hit; and, where asked, ever shorter beginnings of that hit. */
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
