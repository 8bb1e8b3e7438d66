import { readFile } from "node:fs/promises";
import { z } from "zod";

const schema = z.strictObject({
  corpus: z.string(),
  answerable: z.array(z.strictObject({ question: z.string(), pages: z.array(z.string()).min(1) })),
  unanswerable: z.array(z.strictObject({ question: z.string(), kind: z.string().optional() })),
});

/**
 * `development`: every constant was fitted or chosen with these in view. `held-out`: written down before anything was run on
 * them, and nothing may be fitted on them but the weights of the confidence, whose figures are of questions left out of the fit.
 */
export type QuestionSet = "development" | "held-out";

/** A question and the pages that answer it; none where nothing in the corpus does. */
export interface LabelledQuestion {
  readonly question: string;
  readonly pages: readonly string[];
  readonly set: QuestionSet;
  /** Why nothing answers it: "missing feature" is a near miss, "other field" is none. */
  readonly kind?: string | undefined;
}

/** The questions of one set, those with an answer first. */
export async function readQuestions(set: QuestionSet): Promise<readonly LabelledQuestion[]> {
  const text = await readFile(new URL(`questions/${set}.json`, import.meta.url), "utf8");
  const { answerable, unanswerable } = schema.parse(JSON.parse(text));
  return [...answerable, ...unanswerable.map((question) => ({ ...question, pages: [] }))].map(
    (question): LabelledQuestion => ({ ...question, set }),
  );
}
