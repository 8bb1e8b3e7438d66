import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { describeProcess, isDeadProcess } from "./process-identity.ts";

test.runIf(process.platform === "linux")("distinguishes a process that died from one that runs", async () => {
  const child = spawn(process.execPath, ["-e", "setInterval(() => undefined, 1000)"]);
  await once(child, "spawn");
  const name = describeProcess(child.pid ?? 0);
  expect(isDeadProcess(name)).toBe(false);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(isDeadProcess(name)).toBe(true);
});
