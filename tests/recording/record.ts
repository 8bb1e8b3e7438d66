import { cp, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startLlamaServer } from "../servers/llama-server.ts";
import { renderRecording } from "./render-recording.ts";
import { shortenWaits } from "./shorten-waits.ts";
import { recordSession, type Step } from "./session.ts";

// `npm run recording` runs these commands for real and writes docs/images/recording.svg. It needs the servers
// of tests/servers/prepare.sh, and Linux for `script`.
const steps: readonly Step[] = [
  { command: "binnacle-rag ingest ./handbook" },
  { command: "sed -i 's/28 days of paid/30 days of paid/' handbook/people/time-off.md" },
  { command: "binnacle-rag ingest ./handbook" },
  { command: "binnacle-rag ingest ./guides     # kill -9 from another terminal", killWhen: isHalfDone },
  { command: "binnacle-rag ingest ./guides" },
  { command: "binnacle-rag verify" },
];
const columns = 84;
const description =
  "Twelve pages are indexed. One edited sentence costs one embedding. A run that is killed half way resumes, and the index equals its folders.";

const repository = resolve(import.meta.dirname, "../..");
const cwd = await realpath(await mkdtemp(join(tmpdir(), "binnacle-recording-")));
const embed = await startLlamaServer({ kind: "embed", args: ["--no-webui"] });
try {
  await cp(join(repository, "examples/rag-server/handbook"), join(cwd, "handbook"), { recursive: true });
  await cp(join(repository, "docs/guides"), join(cwd, "guides"), { recursive: true });
  const environment = {
    PATH: `${join(repository, "node_modules/.bin")}:${process.env["PATH"] ?? ""}`,
    BINNACLE_EMBED_URL: embed.url,
    BINNACLE_EMBED_KIND: "llama-cpp",
  };
  const frames = await recordSession({ steps, cwd, columns, environment });
  const svg = renderRecording(shortenWaits(frames), { description, columns });
  await writeFile(join(repository, "docs/images/recording.svg"), svg);
  console.log(frames.at(-1)?.rows.join("\n"));
} finally {
  await embed.close();
  await rm(cwd, { recursive: true });
}

function isHalfDone(row: string): boolean {
  const [, done = "", all = ""] = /(\d+)\/(\d+) documents/.exec(row) ?? [];
  return Number(done) * 2 >= Number(all) && Number(done) < Number(all);
}
