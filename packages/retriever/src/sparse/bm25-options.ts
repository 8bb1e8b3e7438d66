import { createHash } from "node:crypto";
import { parseOptions } from "@binnacle/core/kit";
import { z } from "zod";
import { englishStopWords } from "./english-stop-words.ts";

/** Every language that a BM25 encoder knows, for a menu or a setting. */
export const bm25Languages = [
  "arabic",
  "armenian",
  "basque",
  "catalan",
  "czech",
  "danish",
  "dutch",
  "english",
  "finnish",
  "french",
  "german",
  "hungarian",
  "irish",
  "italian",
  "norwegian",
  "portuguese",
  "romanian",
  "russian",
  "slovene",
  "spanish",
  "swedish",
  "tamil",
  "turkish",
  "none",
] as const;

/** A language that words can be reduced to stems in; `none` leaves them as they are. */
export type Bm25Language = (typeof bm25Languages)[number];

/** Options of {@link createBm25Encoder}. The defaults are those of `qdrant/bm25`. */
export interface Bm25EncoderOptions {
  /** Chooses the Snowball stemmer. @default "english" */
  readonly language?: Bm25Language | undefined;
  /** Words that do not count, whatever their case. @default NLTK's list where the language is English, none elsewhere:
   * IDF makes frequent words weigh little */
  readonly stopWords?: readonly string[] | undefined;
  /** How soon a repeated word stops adding weight; BM25's k₁. @default 1.2 */
  readonly k?: number | undefined;
  /** How much a long text's words weigh less, 0 to 1; BM25's b. @default 0.75 */
  readonly b?: number | undefined;
  /** The length, in words that count, that neither gains nor loses by `b`. @default 256 */
  readonly averageWords?: number | undefined;
}

/** Options with their defaults. */
export interface Bm25Parameters {
  readonly language: Bm25Language;
  readonly stopWords: ReadonlySet<string>;
  readonly k: number;
  readonly b: number;
  readonly averageWords: number;
}

const schema = z.strictObject({
  language: z.enum(bm25Languages).default("english"),
  stopWords: z.array(z.string()).readonly().optional(),
  k: z.number().nonnegative().default(1.2),
  b: z.number().min(0).max(1).default(0.75),
  averageWords: z.number().positive().default(256),
});

/** Checks the options of a BM25 encoder and fills in its defaults. */
export function parseBm25Options(options: Bm25EncoderOptions): Bm25Parameters {
  const { stopWords, ...parameters } = parseOptions("createBm25Encoder", schema, options);
  const list = stopWords ?? (parameters.language === "english" ? englishStopWords : []);
  return { ...parameters, stopWords: new Set(list.map((word) => word.toLowerCase())) };
}

/** Names everything that the vectors depend on. */
export function bm25Id({ language, stopWords, k, b, averageWords }: Bm25Parameters): string {
  const list = JSON.stringify([...stopWords].sort());
  const digest = createHash("sha256").update(list).digest("hex").slice(0, 12);
  return `bm25-1/${language}/k=${k}/b=${b}/avg=${averageWords}/stop=${stopWords.size === 0 ? "none" : digest}`;
}
