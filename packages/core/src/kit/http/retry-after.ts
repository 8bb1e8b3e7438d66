import type { HttpHeaders } from "./http-fetch.ts";

// The only form that a sender may write: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7
const httpDate =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * The wait that a Retry-After header asks for (RFC 9110 §10.2.3), in milliseconds: whole seconds, or a date, which is 0
 * once past. Undefined for anything else, negative and fractional numbers included.
 */
export function parseRetryAfter(value: string | null | undefined, nowMs: number): number | undefined {
  const text = value?.trim() ?? "";
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, Number.MAX_SAFE_INTEGER);
  const atMs = httpDate.test(text) ? Date.parse(text) : Number.NaN;
  // Date.parse makes the 3rd of March of the 31st of February; written back, the text differs.
  const isDate = !Number.isNaN(atMs) && new Date(atMs).toUTCString().slice(5) === text.slice(5);
  return isDate ? Math.max(0, atMs - nowMs) : undefined;
}

/**
 * The wait that an answer's headers ask for, in milliseconds: `retry-after-ms`, which OpenAI's API and its imitators send
 * beside Retry-After, and finer; else Retry-After. Undefined if neither can be read.
 */
export function retryAfterOf(headers: HttpHeaders, nowMs: number): number | undefined {
  const milliseconds = headers.get("retry-after-ms")?.trim() ?? "";
  if (/^\d{1,12}(\.\d+)?$/.test(milliseconds)) return Math.ceil(Number(milliseconds));
  return parseRetryAfter(headers.get("retry-after"), nowMs);
}
