import { createHash } from "node:crypto";
import { parseOptions, once } from "@binnacle/core/kit";
import { z } from "zod";
import { englishStopWords } from "./english-stop-words.ts";

/** Every language that a BM25 encoder supports, for a menu or a setting. */
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

/** A language whose words the encoder can stem. `none` leaves words unchanged. */
export type Bm25Language = (typeof bm25Languages)[number];

/** Options of {@link createBm25Encoder}. The defaults equal those of `qdrant/bm25`. */
export interface Bm25EncoderOptions {
  /** The language of the Snowball stemmer. @default "english" */
  readonly language?: Bm25Language | undefined;
  /**
   * Words that a query drops if it has others, and that do not count in a document's length. Languages other than English have no default, because the IDF
   * already gives frequent words a low weight.
   * @default NLTK's list for English, none for other languages
   */
  readonly stopWords?: readonly string[] | undefined;
  /** BM25's k₁. With a smaller value, repeated words soon stop adding weight. @default 1.2 */
  readonly k?: number | undefined;
  /** BM25's b, 0 to 1. With a larger value, the words of a long text weigh less. @default 0.75 */
  readonly b?: number | undefined;
  /** The number of terms at which `b` does not change a text's weights. @default 256 */
  readonly averageWords?: number | undefined;
}

/** The options of {@link createBm25Encoder} with defaults filled in. */
export interface Bm25Parameters {
  readonly language: Bm25Language;
  readonly stopWords: ReadonlySet<string>;
  readonly k: number;
  readonly b: number;
  readonly averageWords: number;
}

const schema = once(() =>
  z.strictObject({
    language: z.enum(bm25Languages).default("english"),
    stopWords: z.array(z.string()).readonly().optional(),
    k: z.number().nonnegative().default(1.2),
    b: z.number().min(0).max(1).default(0.75),
    averageWords: z.number().positive().default(256),
  }),
);

/** Checks the options and fills in defaults. Throws a `ConfigurationError` that lists every issue. */
export function parseBm25Options(options: Bm25EncoderOptions): Bm25Parameters {
  const { stopWords, ...parameters } = parseOptions("createBm25Encoder", schema(), options);
  const list = stopWords ?? (parameters.language === "english" ? englishStopWords : []);
  return { ...parameters, stopWords: new Set(list.map((word) => word.toLowerCase())) };
}

/** Builds the encoder's id from every parameter that changes its vectors. */
export function bm25Id({ language, stopWords, k, b, averageWords }: Bm25Parameters): string {
  const list = JSON.stringify([...stopWords].sort());
  const digest = createHash("sha256").update(list).digest("hex").slice(0, 12);
  return `bm25-2/${language}/k=${k}/b=${b}/avg=${averageWords}/stop=${stopWords.size === 0 ? "none" : digest}`;
}
