import { RequestError } from "@binnacle/core";
import { retryAfterOf } from "@binnacle/core/kit";
import { expect, test } from "vitest";
import { recorded } from "../fixtures/recorded.ts";
import { isConflict, missingPoint, passesInParts, qdrantError } from "./qdrant-error.ts";

/** Returns the error that the HTTP client creates for a response. */
function requestError(status: number, body: string, headers: Record<string, string> = {}): RequestError {
  return new RequestError(`http_${status}`, `got ${status}`, {
    url: "http://q/",
    status,
    body,
    retryable: [408, 429].includes(status) || status >= 500,
    retryAfterMs: retryAfterOf(new Headers(headers), 0),
  });
}

function fromRecorded(name: string): RequestError {
  const { status, body, headers } = recorded(name);
  return requestError(status, body, headers);
}

test.each([
  ["no key", "unauthorized", /Set `apiKey`/],
  ["wrong key", "unauthorized", /Invalid API key/],
  ["read-only key writes", "forbidden", /manage access/],
  ["jwt expired", "forbidden", /ExpiredSignature/],
  ["missing collection query", "not_found", /ensureCollection/],
  ["strict unindexed", "strict_mode", /Index required/],
  ["unknown route", "http_404", /Check `url`/],
])("names the way out of %s", (name, code, message) => {
  const error = qdrantError(fromRecorded(name), "nope");
  expect(error).toMatchObject({ code, retryable: false, message: expect.stringMatching(message) });
});

test("waits exactly as long as a rate limit says, and does not retry without a time", () => {
  expect(qdrantError(fromRecorded("strict rate 3"))).toMatchObject({ retryable: true, retryAfterMs: 20_000 });
  const never = qdrantError(requestError(429, '{"status":{"error":"over budget"}}'));
  expect(never).toMatchObject({ code: "rate_limited", retryable: false });
  expect(passesInParts(never)).toBe(true);
});

test.each([
  [408, "", "http_408", true, true],
  [413, "", "too_large", false, true],
  [500, "", "http_500", true, false],
  [503, "", "http_503", true, false],
  [507, '{"status":{"error":"quota"}}', "store_full", false, false],
])("maps status %i", (status, body, code, retryable, inParts) => {
  const error = qdrantError(requestError(status, body));
  expect(error).toMatchObject({ code, retryable });
  expect(passesInParts(error)).toBe(inParts);
});

test("sends a batch above strict mode's limit in parts", () => {
  expect(passesInParts(qdrantError(fromRecorded("strict batch")))).toBe(true);
  expect(passesInParts(qdrantError(fromRecorded("strict unindexed")))).toBe(false);
});

test("reads the point that a patch did not find, and recognises a collection that exists", () => {
  expect(missingPoint(fromRecorded("set payload missing point"))).toBe(
    "00000000-0000-4000-8000-000000000999",
  );
  expect(missingPoint(fromRecorded("missing collection query"))).toBeUndefined();
  expect(isConflict(fromRecorded("create again"))).toBe(true);
});

test("returns other errors unchanged", () => {
  const error = new Error("other");
  expect(qdrantError(error)).toBe(error);
  const dimension = fromRecorded("wrong dims wait");
  expect(qdrantError(dimension)).toBe(dimension);
});
