import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { repository } from "./pages.ts";

const handbook = {
  "signing.md": `# Signing

## Rotating the signing key

To rotate the signing key, run the command keys rotate on the primary node. The old key stays valid for 24 hours.
`,
  "on-call.md": `# On call

The on-call engineer answers within fifteen minutes. The rota changes on Mondays at noon.
`,
};

/** A folder like that of a reader: it has a `handbook`, and the packages resolve. */
export interface ReaderFolder {
  readonly path: string;
  /** Runs TypeScript and returns its output. Rejects with the program's error output if it fails. */
  run(code: string, environment?: NodeJS.ProcessEnv): Promise<string>;
  remove(): Promise<void>;
}

/** Creates the folder inside the repository, so that the packages resolve. */
export async function createReaderFolder(): Promise<ReaderFolder> {
  await mkdir(join(repository, ".cache"), { recursive: true });
  const folder = await mkdtemp(join(repository, ".cache/reader-"));
  await mkdir(join(folder, "handbook"));
  for (const [name, text] of Object.entries(handbook)) await writeFile(join(folder, "handbook", name), text);
  return {
    path: folder,
    run: async (code, environment = {}) => {
      await writeFile(join(folder, "example.ts"), code);
      return await runExample(folder, environment);
    },
    remove: () => rm(folder, { recursive: true }),
  };
}

async function runExample(cwd: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(process.execPath, ["--conditions=@binnacle/source", "example.ts"], {
    cwd,
    env: { ...process.env, ...environment },
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
  if (status !== 0) throw new Error(`the example ended with ${String(status)}:\n${output}\n${errors}`);
  return output;
}
