import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { assembleKernel, kernelFolder } from "./assemble-kernel.ts";

// `npm run kernel` writes kernel-bytes.ts.
await writeFile(join(kernelFolder, "kernel-bytes.ts"), await assembleKernel());
