import { readFile } from "node:fs/promises";
import { z } from "zod";

/**
 * Use of a question. `development`: weights were fitted to it. `validation`: measures and levels were chosen
 * by it. `held-out`: it influenced no choice.
 */
export type QuestionSet = (typeof sets)[number];

/** The sets in display order. */
export const sets = ["development", "validation", "held-out"] as const;

const kinds = ["direct", "paraphrase", "other field", "other product", "near miss"] as const;

/**
 * Kind of a question. `direct` shares words with its answer, `paraphrase` asks in other words. The others
 * have no answer: other fields, other products, and near misses, which use the corpus's own words.
 */
export type QuestionKind = (typeof kinds)[number];

/** A question and the pages that answer it. The list is empty if the corpus has no answer. */
export interface LabelledQuestion {
  readonly set: QuestionSet;
  readonly kind: QuestionKind;
  readonly question: string;
  readonly pages: readonly string[];
}

const schema: z.ZodType<readonly LabelledQuestion[]> = z.array(
  z.strictObject({
    set: z.enum(sets),
    kind: z.enum(kinds),
    question: z.string(),
    pages: z.array(z.string()),
  }),
);

/** Reads the questions of one file: those about a corpus, or `elsewhere`, which no corpus answers. */
export async function readQuestions(name: string): Promise<readonly LabelledQuestion[]> {
  const text = await readFile(new URL(`questions/${name}.json`, import.meta.url), "utf8");
  return schema.parse(JSON.parse(text));
}
