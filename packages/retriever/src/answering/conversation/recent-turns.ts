import type { Tokenizer } from "@binnacle/core";
import type { ConversationTurn } from "./conversation-turn.ts";

/** The newest turns of a conversation that fit a budget. */
export interface RecentTurns {
  /** Oldest first. */
  readonly turns: readonly ConversationTurn[];
  readonly tokens: number;
  /** Number of older turns that had no room. */
  readonly cut: number;
}

/** No turns, for a question without a conversation. */
export const noTurns: RecentTurns = { turns: [], tokens: 0, cut: 0 };

/** Takes whole turns from the newest one backwards, as long as they fit. */
export function recentTurns(
  history: readonly ConversationTurn[],
  maxTokens: number,
  tokenizer: Pick<Tokenizer, "count">,
): RecentTurns {
  let tokens = 0;
  let first = history.length;
  for (const { question, answer } of history.toReversed()) {
    const more = tokenizer.count(question) + tokenizer.count(answer);
    if (tokens + more > maxTokens) break;
    tokens += more;
    first -= 1;
  }
  return { turns: history.slice(first), tokens, cut: first };
}
