import { expect, test } from "vitest";
import { translateSqliteError } from "./sqlite-error.ts";

test("a full disk is not said to have kept nothing: a large batch is committed in parts", () => {
  const full = Object.assign(new Error("database or disk is full"), { errcode: 13 });
  const message = expect.stringMatching(/a larger batch.*may have been kept/);
  expect(translateSqliteError(full, "a.sqlite")).toMatchObject({
    code: "disk_full",
    retryable: true,
    message,
  });
});
