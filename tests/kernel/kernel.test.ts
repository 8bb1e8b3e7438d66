import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { assembleKernel, kernelFolder } from "./assemble-kernel.ts";

test("embeds the kernel that its source describes", async () => {
  const embedded = await readFile(join(kernelFolder, "kernel-bytes.ts"), "utf8");
  expect(embedded).toBe(await assembleKernel());
});
