import type { TermMatch, TermTrace } from "@binnacle/core";
import type { QueryTerm } from "./query-terms.ts";

/** A trace with the number of its term. */
export interface IndexedTrace extends TermTrace {
  readonly index: number;
}

/** Adds to a compound the passages that have all of its parts, and to its parts those that have it in one. */
export function inEitherForm(
  traced: readonly IndexedTrace[],
  terms: readonly QueryTerm[],
): readonly IndexedTrace[] {
  const compounds = terms.filter(({ parts }) => parts.length > 0);
  if (compounds.length === 0) return traced;
  const found = new Map(traced.map((trace) => [trace.index, trace]));
  for (const { index, parts } of compounds) {
    const whole = found.get(index);
    const pieces = parts.flatMap((part) => found.get(part) ?? []);
    if (whole === undefined || pieces.length < parts.length) continue;
    const together = pieces.flatMap(({ matches }) =>
      matches.filter(({ passage }) => pieces.every((piece) => hasTerm(piece, passage))),
    );
    found.set(
      index,
      merged(
        whole,
        together,
        pieces.every(({ known }) => known),
      ),
    );
    for (const piece of pieces) found.set(piece.index, merged(piece, whole.matches, whole.known));
  }
  return traced.map((trace) => found.get(trace.index) ?? trace);
}

function merged(trace: IndexedTrace, more: readonly TermMatch[], isKnown: boolean): IndexedTrace {
  const fresh = more.filter(({ passage }) => !hasTerm(trace, passage));
  return { ...trace, known: trace.known || isKnown, matches: [...trace.matches, ...fresh] };
}

function hasTerm({ matches, headings }: TermTrace, passage: number): boolean {
  return headings.includes(passage) || matches.some((match) => match.passage === passage);
}
