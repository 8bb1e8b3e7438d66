import { blameOf, RequestError, type InferenceErrorKind } from "@binnacle/core";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { httpError } from "../../failures/failure-error.ts";
import { tritonFailures } from "./triton-failures.ts";
import { grpcError } from "./wire/grpc-error.ts";

const address = "grpc://127.0.0.1:1";
const context = { label: `TritonBackend ${address}`, address, table: tritonFailures };
const schema = z.array(
  z.object({
    cause: z.string(),
    grpc: z.object({ code: z.number(), details: z.string() }).optional(),
    http: z.object({ status: z.number(), body: z.string() }).optional(),
  }),
);
// Recorded from Triton 2.51 by fixtures/record.ts.
const recorded = schema.parse(
  JSON.parse(readFileSync(join(import.meta.dirname, "fixtures/failures.json"), "utf8")),
);

type Row = readonly [cause: string, grpc: InferenceErrorKind, http: InferenceErrorKind | undefined];
const rows: readonly Row[] = [
  ["a model that fails with UNKNOWN", "server", "invalid-request"], // HTTP has 400 for it
  ["a model that fails with INTERNAL", "server", "server"],
  ["a model that fails with NOT_FOUND", "not-found", "not-found"],
  ["a model that fails with INVALID_ARG", "invalid-request", "invalid-request"],
  ["a model that fails with UNAVAILABLE", "unreachable", "overloaded"],
  ["a model that fails with UNSUPPORTED", "unsupported", "unsupported"],
  ["a model that fails with ALREADY_EXISTS", "invalid-request", "invalid-request"],
  ["a model that fails with CANCELLED", "interrupted", "invalid-request"], // HTTP has 400 for it
  ["an exception in a model", "server", "server"],
  ["an unknown model", "not-found", "not-found"],
  ["an unknown version", "not-found", undefined],
  ["33 rows", "invalid-request", "invalid-request"],
  ["a wrong datatype", "invalid-request", "invalid-request"],
  ["a wrong shape", "invalid-request", "invalid-request"],
  ["an unknown input", "invalid-request", "invalid-request"],
  ["a missing input", "invalid-request", "invalid-request"],
  ["one answer of a decoupled model", "unsupported", "unsupported"],
  ["a full queue", "overloaded", "overloaded"],
  ["a wait in the queue over its limit", "overloaded", undefined],
  ["loading an unknown model", "not-found", undefined],
  ["a dead model process", "engine-dead", "engine-dead"],
  ["an unloaded model", "loading", "loading"],
  ["a server that is gone", "unreachable", undefined],
];

test.each(rows)("reads %s as %s over gRPC and %s over HTTP", (cause, grpc, http) => {
  const found = recorded.find((one) => one.cause === cause);
  if (found?.grpc === undefined) throw new Error(`nothing is recorded for ${cause}`);
  const { code, details } = found.grpc;
  const thrown = Object.assign(new Error(`${code}: ${details}`), { code, details });
  const error = grpcError(thrown, { ...context, clean: (text) => text, begun: false });
  expect(error).toMatchObject({
    kind: grpc,
    replica: address,
    message: expect.stringContaining(details.slice(0, 100)),
  });
  expect(found.http === undefined).toBe(http === undefined);
  if (found.http === undefined) return;
  const { status, body } = found.http;
  const request = new RequestError(`http_${status}`, "refused", { url: address, status, body });
  expect(httpError(request, context, false)).toMatchObject({ kind: http, replica: address });
});

test("blames the replica for a dead model process, and load for a full queue", () => {
  const blame = (cause: string): unknown => {
    const grpc = recorded.find((one) => one.cause === cause)?.grpc;
    const thrown = Object.assign(new Error("failed"), grpc);
    return blameOf(grpcError(thrown, { ...context, clean: (text) => text, begun: false }));
  };
  expect(blame("a dead model process")).toBe("replica");
  expect(blame("a full queue")).toBe("load");
  expect(blame("an exception in a model")).toBe("replica");
  expect(blame("33 rows")).toBe("request");
  expect(blame("an unknown model")).toBe("caller");
});

test("reads a broken connection as interrupted once the answer has begun", () => {
  const thrown = Object.assign(new Error("14"), { code: 14, details: "Connection dropped" });
  const read = (begun: boolean): unknown => grpcError(thrown, { ...context, clean: (text) => text, begun });
  expect(read(false)).toMatchObject({ kind: "unreachable", retryable: true });
  expect(read(true)).toMatchObject({ kind: "interrupted", retryable: true });
});
