import { expect, test } from "vitest";
import { AdmissionError } from "./admission-error.ts";
import { BinnacleError } from "./binnacle-error.ts";
import { blameOf, type Blame } from "./blame-of.ts";
import { ConfigurationError } from "./configuration-error.ts";
import { FencedError } from "./fenced-error.ts";
import { InferenceError, type InferenceErrorKind } from "./inference-error.ts";
import { InvalidResponseError } from "./invalid-response-error.ts";
import { RequestError } from "./request-error.ts";
import { TimeoutError } from "./timeout-error.ts";
import { UnsupportedError } from "./unsupported-error.ts";

const byKind: Readonly<Record<InferenceErrorKind, Blame>> = {
  "invalid-request": "request",
  "too-long": "request",
  unsupported: "caller",
  unauthorized: "caller",
  "not-found": "caller",
  quota: "caller",
  loading: "starting",
  overloaded: "load",
  unreachable: "replica",
  interrupted: "replica",
  "engine-dead": "replica",
  server: "replica",
};
const answered = (status?: number) => new RequestError("http", "no", { url: "http://h", status });
const silent = (phase: string) => new TimeoutError("late", { afterMs: 1, phase });

test.each<readonly [string, Blame, unknown]>([
  ...Object.entries(byKind).map(
    ([kind, blame]) =>
      [kind, blame, Object.assign(new InferenceError(kind, { kind: "server" }), { kind })] as const,
  ),
  ["a kind of a later version that may pass", "replica", later(true)],
  ["a kind of a later version that does not pass", "request", later(false)],
  ["an abort's reason", "caller", new Error("enough")],
  ["an abort's reason that is no error", "caller", "enough"],
  ["the deadline", "caller", silent("total")],
  ["silence before the answer", "replica", silent("first-token")],
  ["no connection in time", "replica", silent("connect")],
  ["a full queue", "load", silent("queue")],
  ["status 301", "caller", answered(301)],
  ["status 400", "request", answered(400)],
  ["status 401", "caller", answered(401)],
  ["status 402", "caller", answered(402)],
  ["status 404", "caller", answered(404)],
  ["status 408", "load", answered(408)],
  ["status 429", "load", answered(429)],
  ["status 499", "replica", answered(499)],
  ["status 500", "replica", answered(500)],
  ["status 501", "caller", answered(501)],
  ["status 503", "load", answered(503)],
  ["status 529", "load", answered(529)],
  ["no answer", "replica", answered()],
  ["an answer that breaks the protocol", "replica", new InvalidResponseError("no")],
  ["a request that cannot work", "request", new ConfigurationError("no")],
  ["an ability that is missing", "caller", new UnsupportedError("no", { capability: "vision" })],
  ["a lost lease", "caller", new FencedError("no", { highestToken: 1 })],
  ["a closed driver", "caller", new BinnacleError("closed", "no")],
  ["a full limiter", "load", new AdmissionError("overloaded", "no")],
  ["an open circuit", "load", new AdmissionError("circuit_open", "no")],
  ["an empty text", "request", new BinnacleError("empty_input", "no")],
  ["an unknown code that may pass", "replica", new BinnacleError("later", "no", { retryable: true })],
])("blames for %s: %s", (_, blame, error) => {
  expect(blameOf(error)).toBe(blame);
});

function later(retryable: boolean): InferenceError {
  return Object.assign(new InferenceError("later", { kind: "server", retryable }), { kind: "later" });
}
