import {
  ConfigurationError,
  type Metadata,
  type Passage,
  type Retrieval,
  type Tokenizer,
} from "@binnacle/core";
import { createCautiousTokenizer } from "./cautious-tokenizer.ts";
import { fenceKey, fenceLabel, renderPassage, withoutControlTokens } from "./context-fence.ts";

/** Options of {@link formatContext}. */
export interface FormatContextOptions {
  /** Most tokens in the whole text, fences included. */
  readonly maxTokens: number;
  /** The model's own tokenizer makes the budget exact. @default an estimate, on the high side for English */
  readonly tokenizer?: Pick<Tokenizer, "count"> | undefined;
  /** `best-last`: the numbers stay, and the best passage stands at the end, next to the question that follows, which
   * helps small models. @default "best-first" */
  readonly order?: "best-first" | "best-last" | undefined;
}

/** An exact range of a document that a number stands for. */
export interface Citation {
  /** From 1, best first. */
  readonly number: number;
  readonly documentId: string;
  readonly sourceId: string;
  /** First character in the document's text, UTF-16. */
  readonly start: number;
  /** One past the last character, UTF-16. */
  readonly end: number;
  /** The passage's score. */
  readonly score: number;
  /** The document's text from `start` to `end`. */
  readonly text: string;
  readonly title?: string | undefined;
  readonly uri?: string | undefined;
  readonly path: readonly string[];
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
  /** The word in the fences; no passage contains it. */
  readonly key: string;
  readonly citations: readonly Citation[];
  /** Tokens of `text`. Never over `maxTokens`. */
  readonly tokens: number;
  readonly cut: readonly ContextCut[];
}

/**
 * Puts the passages of a retrieval into a prompt: the best one has number 1, fenced as data, within the budget. Pure:
 * the same retrieval always yields the same text. A passage that has no room gives way to its best hit alone, and the
 * first one, if need be, to its beginning.
 */
export function formatContext(retrieval: Retrieval, options: FormatContextOptions): FormattedContext {
  const { maxTokens, tokenizer = createCautiousTokenizer(), order = "best-first" } = options;
  if (!(maxTokens >= 0)) {
    throw new ConfigurationError(`formatContext: maxTokens must be 0 or more, but is ${maxTokens}`);
  }
  const key = fenceKey(
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
    const fits = (part: Range): boolean =>
      tokenizer.count(render([cite(passage, part, citations.length + 1)])) <= maxTokens;
    const range = variants.find(fits);
    if (range === undefined) cut.push({ documentId, start, end, reason: "budget" });
    if (range === undefined) continue;
    citations.push(cite(passage, range, citations.length + 1));
    if (range.end - range.start < end - start) cut.push({ documentId, start, end, reason: "shortened" });
  }
  const text = render([]);
  return { text, key, citations, tokens: tokenizer.count(text), cut };
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** The whole passage; its best hit; and, where asked, ever shorter beginnings of that hit. */
function* beginnings(best: Range, passage: Passage): Iterable<Range> {
  const text = passage.text.slice(best.start - passage.start, best.end - passage.start);
  for (let length = text.length; length > 40;) {
    length = Math.floor(length * 0.8);
    const cutAt = Math.max(text.lastIndexOf(" ", length), text.lastIndexOf("\n", length));
    const kept = text.slice(0, cutAt > 0 ? cutAt : length).trimEnd();
    if (kept !== "" && kept.isWellFormed()) yield { start: best.start, end: best.start + kept.length };
  }
}

function shorterAndShorter(passage: Passage, alsoParts: boolean): readonly Range[] {
  const best = bestHit(passage);
  return [passage, best, ...(alsoParts ? beginnings(best, passage) : [])];
}

function bestHit({ hits, start, end }: Passage): Range {
  const [best] = hits.toSorted((a, b) => b.score - a.score);
  return best?.chunk ?? { start, end };
}

function cite(passage: Passage<Metadata>, { start, end }: Range, number: number): Citation {
  const { documentId, sourceId, score, title, uri, path } = passage;
  const text = passage.text.slice(start - passage.start, end - passage.start);
  return { number, documentId, sourceId, start, end, score, text, title, uri, path };
}

function renderCitation({ number, title = "", path, documentId, text }: Citation, key: string): string {
  const label = fenceLabel([title === "" ? documentId : title, ...path]);
  return renderPassage({ number, label, text: withoutControlTokens(text) }, key);
}
