import { once } from "@binnacle/core/kit";
import { z } from "zod";

/** One earlier question of a conversation and its answer. */
export interface ConversationTurn {
  readonly question: string;
  readonly answer: string;
}

/** Records how the earlier turns changed a question. */
export interface ConversationTrace {
  /** The question as it was searched, judged and put to the model. */
  readonly question: string;
  /**
   * The way in which the question got its form. `model`: the model rewrote it. `words`: the subject of an
   * earlier question was added. `unchanged`: the question needs no earlier turn.
   */
  readonly by: "model" | "words" | "unchanged";
  /** Number of turns that the model received, the newest ones. 0 if no model was asked. */
  readonly turns: number;
  /** Tokens of these turns, as the answerer's tokenizer counts them. */
  readonly tokens: number;
  /** Number of older turns that had no room. 0 if no model was asked. */
  readonly cut: number;
  /** Milliseconds that the rewriting took. */
  readonly rewriteMs: number;
}

const text = (what: string): z.ZodType<string> =>
  z.string().refine((value) => value.trim() !== "", `expected the turn's ${what}, got an empty text`);

/** The schema of the call option `history`. */
export const historyField: () => z.ZodOptional<z.ZodArray<z.ZodType<ConversationTurn>>> = once(() =>
  z.array(z.strictObject({ question: text("question"), answer: text("answer") })).optional(),
);
