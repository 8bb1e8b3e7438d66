import { BinnacleError, InferenceError } from "@binnacle/core";
import { expect, test } from "vitest";
import { attempted } from "./attempted.ts";

const quick = { random: () => 0 };
const server = { address: "http://a", maxAttempts: 3 };

test("lists every failed attempt in the error of the last one", async () => {
  const errors = [
    new InferenceError("full", { kind: "overloaded", retryable: true }),
    new BinnacleError("timeout", "late", { retryable: true }),
    new InferenceError("no", { kind: "invalid-request" }),
  ];
  let calls = 0;
  const call = attempted(server, quick, () => Promise.reject(errors[calls++] ?? new Error()));
  await expect(call).rejects.toBe(errors[2]);
  expect(errors[2]).toMatchObject({
    replica: "http://a",
    attempts: ["overloaded", "timeout", "invalid-request"].map((kind) => ({
      replica: "http://a",
      kind,
      afterMs: expect.any(Number),
    })),
  });
});

test("never changes an abort's reason, even if it is an error of the SDK", async () => {
  const controller = new AbortController();
  const reason = new BinnacleError("app", "enough");
  const call = attempted(server, { ...quick, signal: controller.signal }, () => {
    controller.abort(reason);
    return Promise.reject(reason);
  });
  await expect(call).rejects.toBe(reason);
  expect(reason).not.toHaveProperty("replica");
});
