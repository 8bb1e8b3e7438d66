import type { HttpHeaders } from "./http-fetch.ts";

// The only form that senders may use: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7
const httpDate =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * Returns the wait of a Retry-After header (RFC 9110 §10.2.3), in milliseconds. The header holds whole
 * seconds or a date. A past date gives 0. Any other text, such as a negative or fractional number, gives
 * undefined.
 */
export function parseRetryAfter(value: string | null | undefined, nowMs: number): number | undefined {
  const text = value?.trim() ?? "";
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, Number.MAX_SAFE_INTEGER);
  const atMs = httpDate.test(text) ? Date.parse(text) : Number.NaN;
  // Date.parse turns 31 February into 3 March, and the text of that date differs.
  const isDate = !Number.isNaN(atMs) && new Date(atMs).toUTCString().slice(5) === text.slice(5);
  return isDate ? Math.max(0, atMs - nowMs) : undefined;
}

/**
 * Returns the wait that a response's headers request, in milliseconds. Prefers `retry-after-ms`, which
 * servers of OpenAI's API send beside Retry-After, because it is finer. Undefined if neither header is valid.
 */
export function retryAfterOf(headers: HttpHeaders, nowMs: number): number | undefined {
  const milliseconds = headers.get("retry-after-ms")?.trim() ?? "";
  if (/^\d{1,12}(\.\d+)?$/.test(milliseconds)) return Math.ceil(Number(milliseconds));
  return parseRetryAfter(headers.get("retry-after"), nowMs);
}
