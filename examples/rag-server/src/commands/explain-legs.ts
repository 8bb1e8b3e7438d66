import type { Hit, LegScore, RetrievalTrace } from "@binnacle/core";

type LegName = RetrievalTrace["legs"][number]["kind"];

/** Returns a hit's rank and score by the name of each leg. Null if the leg did not find it. */
export function legsByName(
  { legs = [] }: Pick<Hit, "legs">,
  trace: Pick<RetrievalTrace, "legs">,
): Readonly<Partial<Record<LegName, LegScore | null>>> {
  return Object.fromEntries(trace.legs.map(({ kind }, position) => [kind, legs[position] ?? null]));
}

/** Returns the legs as one line, aligned with the lines of other hits. */
export function legsLine(hit: Pick<Hit, "legs">, trace: Pick<RetrievalTrace, "legs">): string {
  return Object.entries(legsByName(hit, trace))
    .map(([name, leg]) => `${name} ${leg === null ? "–".padEnd(11) : scoreText(leg)}`)
    .join(" · ")
    .trimEnd();
}

function scoreText({ rank, score }: LegScore): string {
  return `#${String(rank).padEnd(3)} ${score.toFixed(3).padStart(6)}`;
}
