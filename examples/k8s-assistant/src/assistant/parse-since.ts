const units: Readonly<Record<string, number>> = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
};

/** A period that a text names, and the words that name it. */
export interface NamedPeriod {
  /** Epoch milliseconds at which it begins. */
  readonly since: number;
  readonly words: string;
}

/** Finds the beginning of a period in a text in lower case: `since 14:00`, `in the last 2 hours`, `today`. Times of day
 * are those of this machine. Undefined if the text names none. */
export function parseSince(text: string, now: number): NamedPeriod | undefined {
  const date = /\bsince (\d{4}-\d\d-\d\d(?:t\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:z|[+-]\d\d:\d\d)?)?)/.exec(text);
  const at = Date.parse((date?.[1] ?? "").toUpperCase());
  if (date !== null && !Number.isNaN(at)) return { since: at, words: date[0] };
  const time = /\b(?:since|after) (\d{1,2}):(\d\d)(?::(\d\d))?\b/.exec(text);
  if (time !== null)
    return {
      since: lastTime(
        time.slice(1).map((part) => Number(part ?? 0)),
        now,
      ),
      words: time[0],
    };
  const last =
    /\b(?:in|within|during|over|for)? ?the (?:last|past) (?:(\d+) )?(second|minute|hour|day|week)s?\b/.exec(
      text,
    );
  if (last !== null)
    return { since: now - Number(last[1] ?? 1) * (units[last[2] ?? ""] ?? 0), words: last[0] };
  const day = /\b(?:since )?(today|yesterday)\b/.exec(text);
  if (day === null) return undefined;
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  return {
    since: day[1] === "today" ? midnight : new Date(midnight - 1).setHours(0, 0, 0, 0),
    words: day[0],
  };
}

/** Returns the last moment with this time of day. */
function lastTime([hours = 0, minutes = 0, seconds = 0]: readonly number[], now: number): number {
  const today = new Date(now).setHours(hours, minutes, seconds, 0);
  return today <= now ? today : new Date(today).setDate(new Date(today).getDate() - 1);
}
