import type { HttpHeaders } from "./http-fetch.ts";

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;
const month = `(?<month>${months.join("|")})`;
const time = String.raw`(?<hour>[01]\d|2[0-3]):(?<minute>[0-5]\d):(?<second>[0-5]\d|60)`;
const shortDay = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
const longDay = "(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)";

// The three forms that a recipient must accept: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7
const dateForms = [
  new RegExp(String.raw`^${shortDay}, (?<day>\d{2}) ${month} (?<year>\d{4}) ${time} GMT$`), // IMF-fixdate
  new RegExp(String.raw`^${longDay}, (?<day>\d{2})-${month}-(?<year>\d{2}) ${time} GMT$`), // RFC 850
  new RegExp(String.raw`^${shortDay} ${month} (?<day>[ \d]\d) ${time} (?<year>\d{4})$`), // asctime
] as const;

/**
 * The wait that a Retry-After header asks for (RFC 9110 §10.2.3), in milliseconds: whole seconds, or a date, which is 0
 * once past. Undefined for anything else, negative or fractional numbers included.
 */
export function parseRetryAfter(value: string | null | undefined, nowMs: number): number | undefined {
  const text = value?.trim() ?? "";
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, Number.MAX_SAFE_INTEGER);
  const atMs = parseHttpDate(text, nowMs);
  return atMs === undefined ? undefined : Math.max(0, atMs - nowMs);
}

/**
 * The wait that an answer's headers ask for, in milliseconds: `retry-after-ms`, which OpenAI's API and its imitators send
 * beside Retry-After, and finer; else Retry-After. Undefined where neither says anything that can be read.
 */
export function retryAfterOf(headers: HttpHeaders, nowMs: number): number | undefined {
  const milliseconds = headers.get("retry-after-ms")?.trim() ?? "";
  if (/^\d{1,12}(\.\d+)?$/.test(milliseconds)) return Math.ceil(Number(milliseconds));
  return parseRetryAfter(headers.get("retry-after"), nowMs);
}

function parseHttpDate(text: string, nowMs: number): number | undefined {
  for (const form of dateForms) {
    const parts = form.exec(text)?.groups;
    if (parts === undefined) continue;
    const { year = "", month = "", day = "", hour = "", minute = "", second = "" } = parts;
    const monthIndex = months.findIndex((name) => name === month);
    const dayNumber = Number(day);
    const dayStart = Date.UTC(fullYear(year, nowMs), monthIndex, dayNumber);
    if (new Date(dayStart).getUTCDate() !== dayNumber) return undefined; // the 31st of a shorter month
    return dayStart + ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000;
  }
  return undefined;
}

// A two-digit year that seems more than 50 years ahead is the latest past year with these digits (RFC 9110 §5.6.7).
function fullYear(year: string, nowMs: number): number {
  if (year.length === 4) return Number(year);
  const thisYear = new Date(nowMs).getUTCFullYear();
  const inThisCentury = thisYear - (thisYear % 100) + Number(year);
  return inThisCentury > thisYear + 50 ? inThisCentury - 100 : inThisCentury;
}
