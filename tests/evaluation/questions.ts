import { readFile } from "node:fs/promises";
import { z } from "zod";

const schema = z.strictObject({
  corpus: z.string(),
  answerable: z.array(z.strictObject({ question: z.string(), pages: z.array(z.string()).min(1) })),
  unanswerable: z.array(z.strictObject({ question: z.string() })),
});

/** A question and the pages that answer it; none where nothing in the corpus does. */
export interface LabelledQuestion {
  readonly question: string;
  readonly pages: readonly string[];
  /** Constants were fitted on one half, figures are reported on the other. */
  readonly half: "fitted" | "held-out";
}

/** The questions of `questions.json`, every second one held out. */
export async function readQuestions(): Promise<readonly LabelledQuestion[]> {
  const text = await readFile(new URL("questions.json", import.meta.url), "utf8");
  const { answerable, unanswerable } = schema.parse(JSON.parse(text));
  return [answerable, unanswerable.map(({ question }) => ({ question, pages: [] }))].flatMap((questions) =>
    questions.map((question, index): LabelledQuestion => ({
      ...question,
      half: index % 2 === 0 ? "fitted" : "held-out",
    })),
  );
}
