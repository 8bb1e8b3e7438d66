import type { AssistantAnswer } from "./assistant-answer.ts";
import { TokenBudget } from "./token-budget.ts";

// Sources, cuts and warnings may take this share of a bounded answer.
const shareOfNotes = 0.4;

/** Returns the notes under an answer: what it rests on, what was cut, and what cannot be trusted. */
export function noteLines({ mode, sources, cut, warnings, tokens }: AssistantAnswer): readonly string[] {
  // The lines of an exact answer cite their objects themselves.
  const cited =
    mode === "exact"
      ? []
      : sources.map(({ object, age, via }) => `  ${object}, ${age}${via === undefined ? "" : ` (${via})`}`);
  return [
    ...(cut === "" ? [] : [`Cut: ${cut}.`]),
    ...warnings.map((warning) => `Note: ${warning}`),
    ...(cited.length === 0 ? [] : ["Sources:", ...cited]),
    `(${tokens.used} of ${tokens.budget} tokens)`,
  ];
}

/** Returns an answer with its notes as one text of at most `limit` tokens. It says how much was cut. */
export function boundedText(answer: AssistantAnswer, limit: number): string {
  const notes = new TokenBudget(Math.floor(limit * shareOfNotes));
  for (const line of noteLines(answer)) notes.add(line);
  const cutNotes = notes.cut === 0 ? "" : `\n(${notes.cut} lines of notes were cut)`;
  const room = limit - notes.used - 24;
  const body = new TokenBudget(Math.max(0, room));
  for (const line of answer.text.split("\n")) body.add(line);
  const cutBody = body.cut === 0 ? "" : `\n(${body.cut} lines were cut)`;
  return `${body.text}${cutBody}\n\n${notes.text}${cutNotes}`;
}
