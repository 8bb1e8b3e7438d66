import type { ConversationTurn } from "./conversation-turn.ts";
import { isFollowUp, subjectPhrases } from "./is-follow-up.ts";

/** The most words of earlier questions that are added. More would outweigh the question's own words. */
const mostWords = 6;

/** Verbs that say nothing about a subject. Added to a follow-up they only match other pages. */
const plainVerbs = new Set(
  "get gets getting got give gives given go goes have make makes made use used uses using take takes taken work works working happen happens need needs find see look put set keep kept keeps".split(
    " ",
  ),
);

/**
 * Adds the subject of the last question to a follow-up: "And how are they deleted? (backups)". If the last
 * question is a follow-up too, the subject of the question before it is added as well. Returns undefined if
 * the question needs no subject, or if no earlier question has one.
 */
export function joinWithSubject(question: string, history: readonly ConversationTurn[]): string | undefined {
  if (!isFollowUp(question)) return undefined;
  const known = new Set(subjectPhrases(question).flatMap(({ stems }) => stems));
  const added: string[] = [];
  for (const turn of history.toReversed()) {
    for (const { text, stems } of subjectPhrases(turn.question)) {
      if (plainVerbs.has(text.toLowerCase()) || stems.every((stem) => known.has(stem))) continue;
      added.push(text);
      for (const stem of stems) known.add(stem);
    }
    if (added.length >= mostWords || !isFollowUp(turn.question)) break;
  }
  return added.length === 0 ? undefined : `${question.trim()} (${added.slice(0, mostWords).join(" ")})`;
}
