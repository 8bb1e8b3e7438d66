import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import wabt from "wabt";

/** The folder of the kernel's source. */
export const kernelFolder: string = resolve(
  import.meta.dirname,
  "../../packages/retriever/src/stores/shared/kernel",
);

/** Assembles the kernel and returns the TypeScript module that holds its bytes. */
export async function assembleKernel(): Promise<string> {
  const source = await readFile(join(kernelFolder, "kernel.wat"), "utf8");
  const { parseWat } = await wabt();
  const module = parseWat("kernel.wat", source, { simd: true });
  const { buffer } = module.toBinary({});
  module.destroy();
  const text = Buffer.from(buffer).toString("base64");
  return `// \`npm run kernel\` wrote this file from kernel.wat.\n/** The assembled kernel, in base64. */\nexport const kernelBytes =\n  "${text}";\n`;
}
