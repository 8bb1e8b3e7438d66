import {
  BinnacleError,
  ConfigurationError,
  FencedError,
  TimeoutError,
  UnsupportedError,
} from "@binnacle/core";
import { expect, test } from "vitest";
import { fromWireError, fromWireFailure, toWireError } from "./wire-error.ts";

function across(error: unknown): Error {
  return fromWireError(structuredClone(toWireError(error)));
}

test("keeps the class, code, fields, stack and causes of an error between threads", () => {
  const issues = [{ path: "legs.0", message: "wrong" }];
  const errors = [
    new BinnacleError("lease_held", "wait", { retryable: true }),
    new ConfigurationError("bad", { code: "collection_mismatch", issues }),
    new TimeoutError("late", { afterMs: 12, phase: "lock" }),
    new FencedError("stop", { highestToken: 7 }),
    new UnsupportedError("no", { capability: "fencedWrites" }),
    new RangeError("not ours"),
    new BinnacleError("disk_full", "full", { cause: new Error("SQLITE_FULL", { cause: "no space" }) }),
  ];
  for (const error of errors) {
    const arrived = across(error);
    expect(BinnacleError.isInstance(arrived)).toBe(BinnacleError.isInstance(error));
    expect(arrived.message).toBe(error.message);
    expect(arrived.stack).toBe(error.stack);
    if (BinnacleError.isInstance(error)) {
      expect(arrived.name).toBe(error.name);
      expect(Object.entries(arrived)).toEqual(Object.entries(error));
    }
  }
  expect(across(errors[1])).toMatchObject({ code: "collection_mismatch", issues });
  expect(across(errors[2])).toMatchObject({ afterMs: 12, phase: "lock", retryable: true });
  expect(across(errors.at(-1)).cause).toMatchObject({
    message: "SQLITE_FULL",
    cause: { message: "no space" },
  });
});

test("returns an error for a thrown value that is not an error", () => {
  expect(across("just text").message).toBe("just text");
  expect(fromWireFailure(toWireError(new Error("odd")))).toMatchObject({ code: "internal", message: "odd" });
});
