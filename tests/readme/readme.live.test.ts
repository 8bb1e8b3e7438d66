import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { llamaServerMissing, startLlamaServer } from "../servers/llama-server.ts";

const repository = resolve(import.meta.dirname, "../..");
const missing = await llamaServerMissing();

const handbook = {
  "signing.md": `# Signing

## Rotating the signing key

To rotate the signing key, run the command keys rotate on the primary node. The old key stays valid for 24 hours.
`,
  "on-call.md": `# On call

The on-call engineer answers within fifteen minutes. The rota changes on Mondays at noon.
`,
};

// The addresses in the README are the ones a reader types, so the servers listen just there.
test.skipIf(missing !== undefined)(
  `T46, T47: the README's lines run as they stand${missing === undefined ? "" : ` (${missing})`}`,
  async () => {
    const [chat, embed] = await Promise.all([
      startLlamaServer({ kind: "chat", port: 8080 }),
      startLlamaServer({ kind: "embed", port: 8081 }),
    ]);
    const folder = await temporaryFolder();
    try {
      await writeFile(join(folder, "example.ts"), await readmeExample());
      const first = await run(folder);
      expect(first).toMatch(/^\+2 ~0 -0 documents, \d+ embeddings, 0 failures\n/);
      expect(first).toContain("keys rotate");
      expect(first).toMatch(/\[\d+\] signing\.md:\d+-\d+\n/);
      expect(await run(folder)).toMatch(/^\+0 ~0 -0 documents, 0 embeddings, 0 failures\n/);
    } finally {
      await Promise.all([chat.close(), embed.close(), rm(folder, { recursive: true })]);
    }
  },
);

/** The first TypeScript block of the README. */
async function readmeExample(): Promise<string> {
  const readme = await readFile(join(repository, "README.md"), "utf8");
  const block = /```ts\n([\s\S]*?)```/.exec(readme)?.[1];
  if (block === undefined) throw new Error("README.md has no TypeScript block");
  return block;
}

/** Inside the repository, so that the packages resolve as they do for a reader who works in it. */
async function temporaryFolder(): Promise<string> {
  await mkdir(join(repository, ".cache"), { recursive: true });
  const folder = await mkdtemp(join(repository, ".cache/readme-"));
  await mkdir(join(folder, "handbook"));
  for (const [name, text] of Object.entries(handbook)) await writeFile(join(folder, "handbook", name), text);
  return folder;
}

async function run(folder: string): Promise<string> {
  const child = spawn(process.execPath, ["--conditions=@binnacle/source", "example.ts"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
  const status = await new Promise((done, fail) => {
    child.once("error", fail);
    child.once("close", done);
  });
  if (status !== 0) throw new Error(`the README's lines ended with ${String(status)}:\n${errors}`);
  return output;
}
