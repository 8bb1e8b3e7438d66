// The forms of RFC 3339 that every server reads: a day, or a time with seconds, with or without an offset.
const DATETIME = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(?:Z|([+-])(\d{2}):(\d{2}))?)?$/;

/**
 * Returns the instant of a `datetime` in microseconds since 1970, or undefined if the text is not a datetime.
 * A text without an offset is in UTC. Digits beyond microseconds are ignored, as in Qdrant. Outside of the
 * years 1684 to 2255 the result is a bigint, because a number cannot represent each microsecond.
 */
export function instant(text: string): number | bigint | undefined {
  const match = DATETIME.exec(text);
  if (!match) return undefined;
  const [, day = "", time = "00:00:00", fraction = "", sign = "+", hours = "00", rest = "00"] = match;
  const milliseconds = Date.parse(`${day}T${time}Z`);
  if (Number.isNaN(milliseconds) || time > "23:59:59" || hours > "23" || rest > "59") return undefined;
  // Date.parse turns 30 February into 1 March. Only days after the 28th can be wrong.
  if (day.slice(8) > "28" && new Date(milliseconds).getUTCDate() !== Number(day.slice(8))) return undefined;
  const offset = (Number(hours) * 60 + Number(rest)) * 60_000 * (sign === "-" ? -1 : 1);
  const [moment, part] = [milliseconds - offset, Number(fraction.slice(0, 6).padEnd(6, "0"))];
  const microseconds = moment * 1000 + part;
  return Number.isSafeInteger(microseconds) ? microseconds : BigInt(moment) * 1000n + BigInt(part);
}
