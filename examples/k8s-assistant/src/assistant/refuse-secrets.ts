import type { AssistantAnswer } from "./assistant-answer.ts";
import type { Asking } from "./assistant.ts";
import { finishAnswer } from "./finish-answer.ts";
import type { ParsedQuestion } from "./parse-question.ts";
import { countTokens } from "./token-budget.ts";

const text =
  "Secrets are neither indexed nor read, so nothing here says which there are or what they hold. Ask what reads a Secret instead, by its name.";

/** Answers a question about Secrets themselves. A count of 0 would be wrong. */
export function refuseSecrets(question: ParsedQuestion, asking: Asking): AssistantAnswer {
  const parts = { mode: "none", text, sources: [], cut: "", usedTokens: countTokens(text) } as const;
  return finishAnswer(question, asking, { ...parts, resources: [] });
}
