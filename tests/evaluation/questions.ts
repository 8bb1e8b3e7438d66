import { readFile } from "node:fs/promises";
import { z } from "zod";

/**
 * `development`: weights were fitted to these. `validation`: looked at while the measures and the levels were chosen; nothing was
 * fitted to them. `held-out`: nothing was chosen by them.
 */
export type QuestionSet = (typeof sets)[number];

/** The sets, in the order in which they are shown. */
export const sets = ["development", "validation", "held-out"] as const;

const kinds = ["direct", "paraphrase", "other field", "other product", "near miss"] as const;

/**
 * `direct`: shares words with its answer. `paraphrase`: asks in other words. The others have no answer: questions from other
 * fields and about other products, and near misses, which use the corpus's own vocabulary.
 */
export type QuestionKind = (typeof kinds)[number];

/** A question and the pages that answer it; none if nothing in the corpus does. */
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

/** The questions of one file, those about a corpus or `elsewhere`, which no corpus answers. */
export async function readQuestions(name: string): Promise<readonly LabelledQuestion[]> {
  const text = await readFile(new URL(`questions/${name}.json`, import.meta.url), "utf8");
  return schema.parse(JSON.parse(text));
}
