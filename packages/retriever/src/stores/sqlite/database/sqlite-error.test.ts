import { expect, test } from "vitest";
import { translateSqliteError } from "./sqlite-error.ts";

test("reports that a full disk may have kept a part, because a large batch is committed in parts", () => {
  const full = Object.assign(new Error("database or disk is full"), { errcode: 13 });
  const message = expect.stringMatching(/a larger batch may have been applied/);
  expect(translateSqliteError(full, "a.sqlite")).toMatchObject({
    code: "disk_full",
    retryable: true,
    message,
  });
});
