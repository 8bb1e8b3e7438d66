import type { Seen } from "./index-canaries.ts";
import type { Planted } from "./plant-canaries.ts";

/** Returns every planted secret that was seen, with its place and where it was seen. */
export function findCanaries(planted: readonly Planted[], seen: Seen): readonly string[] {
  return planted.flatMap(({ place, forms }) =>
    [...seen].flatMap(([where, text]) =>
      forms.some((form) => text.includes(form)) ? [`${place} -> ${where}`] : [],
    ),
  );
}

/** Returns true if the objects that hold the secrets are not seen at all. Such a run would prove nothing. */
export function isBlind(seen: Seen): boolean {
  const places = ["embedding requests", "points", "file index.sqlite"];
  const words = ["canary-", "Warning Failed"];
  return !places.every((where) => words.every((word) => seen.get(where)?.includes(word)));
}
