import type { Hit, LegScore, RetrievalTrace } from "@binnacle/core";

type LegName = RetrievalTrace["legs"][number]["kind"];

/** A hit's rank and score in each leg, by the leg's name; null where that leg did not find it. */
export function legsByName(
  { legs = [] }: Pick<Hit, "legs">,
  trace: Pick<RetrievalTrace, "legs">,
): Readonly<Partial<Record<LegName, LegScore | null>>> {
  return Object.fromEntries(trace.legs.map(({ kind }, position) => [kind, legs[position] ?? null]));
}

/** The same as one line, in which the legs of one hit stand under those of another. */
export function legsLine(hit: Pick<Hit, "legs">, trace: Pick<RetrievalTrace, "legs">): string {
  return Object.entries(legsByName(hit, trace))
    .map(([name, leg]) => `${name} ${leg === null ? "–".padEnd(11) : scoreText(leg)}`)
    .join(" · ")
    .trimEnd();
}

function scoreText({ rank, score }: LegScore): string {
  return `#${String(rank).padEnd(3)} ${score.toFixed(3).padStart(6)}`;
}
