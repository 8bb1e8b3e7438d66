import type { CallOptions } from "@binnacle/core";
import type { ConversationTrace, ConversationTurn } from "./conversation-turn.ts";
import { joinWithSubject } from "./join-with-subject.ts";
import { noTurns, type RecentTurns } from "./recent-turns.ts";
import { rewriteWithModel, type RewriteRequest } from "./rewrite-with-model.ts";

/** A question as it was asked, and as it is understood within its conversation. */
export interface UnderstoodQuestion {
  readonly asked: string;
  /** The question in a form that needs no earlier turn. It is searched, judged and put to the model. */
  readonly question: string;
  /** The turns that the model reads, oldest first. */
  readonly turns: readonly ConversationTurn[];
  /** Undefined if the call has no history. */
  readonly trace?: ConversationTrace | undefined;
  /** Start of the call, on the clock of `performance.now()`. */
  readonly startedAt: number;
}

/** A question and its conversation. */
export interface QuestionInput {
  readonly question: string;
  readonly history: readonly ConversationTurn[];
  /** Rewrites with a model, from the turns that have room. Undefined: only words are joined. */
  readonly model?: (Pick<RewriteRequest, "backend" | "seed"> & { readonly recent: RecentTurns }) | undefined;
}

/** Makes a follow-up into a question of its own. */
export async function understandQuestion(
  { question: asked, history, model }: QuestionInput,
  options: CallOptions,
): Promise<UnderstoodQuestion> {
  const startedAt = performance.now();
  const { turns, tokens, cut } = model?.recent ?? noTurns;
  if (history.length === 0) return { asked, question: asked, turns, startedAt };
  const written =
    model === undefined || turns.length === 0
      ? undefined
      : await rewriteWithModel({ ...model, question: asked, turns }, options);
  const question = written ?? joinWithSubject(asked, history) ?? asked;
  const isUnchanged = question.trim() === asked.trim();
  const by = isUnchanged ? "unchanged" : written === undefined ? "words" : "model";
  const trace = { question, by, turns: turns.length, tokens, cut } as const;
  return { asked, question, turns, trace: { ...trace, rewriteMs: performance.now() - startedAt }, startedAt };
}
