import { expect, test } from "vitest";
import { describeProcess, isDeadProcess } from "./process-identity.ts";

test.runIf(process.platform === "linux")(
  "detects a death even if another process got the same number",
  () => {
    const [machine, pid, startedAt]: readonly unknown[] = JSON.parse(describeProcess(process.pid) ?? "[]");
    expect(isDeadProcess(JSON.stringify([machine, pid, startedAt]))).toBe(false);
    expect(isDeadProcess(JSON.stringify([machine, pid, "1"]))).toBe(true);
  },
);

test("does not declare a process dead that may run on another machine", () => {
  expect(isDeadProcess(JSON.stringify(["elsewhere", 2 ** 30, "1"]))).toBe(false);
  expect(isDeadProcess(null)).toBe(false);
});
