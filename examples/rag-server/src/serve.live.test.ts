import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { llamaServerMissing, startLlamaServer } from "../../../tests/servers/llama-server.ts";
import { handbook } from "./testing/handbook.ts";
import { runProgram } from "./testing/run-program.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

const missing = await llamaServerMissing("own");
const because = missing === undefined ? "" : ` (skipped: ${missing})`;
const program = fileURLToPath(new URL("bin/binnacle-rag.ts", import.meta.url));

test.skipIf(missing !== undefined)(
  `reports a SIGTERM in mid-answer to the client after five seconds, and then exits${because}`,
  async () => {
    const [docs, data] = await Promise.all([temporaryFolder(handbook), temporaryFolder()]);
    const llm = await startLlamaServer({ kind: "chat", args: ["--no-webui"] });
    await runProgram("binnacle-rag", ["ingest", docs.path, "--data", data.path]);
    const args = ["--conditions=@binnacle/source", program, "serve", "--port", "0", "--data", data.path];
    const server = spawn(process.execPath, args, {
      env: { PATH: process.env["PATH"], BINNACLE_LLM_URL: llm.url },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [greeting] = await once(server.stdout, "data");
    const [url = ""] = /http:\S+/.exec(String(greeting)) ?? [];
    const response = await fetch(new URL("/chat", url), {
      method: "POST",
      headers: { "content-type": "application/json", accept: "text/event-stream" },
      body: JSON.stringify({ message: "How do I rotate the signing key, and where do keys live?" }),
    });
    const events = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    const first = await events?.read();
    llm.signal("SIGSTOP"); // so that the answer cannot end

    const exited = once(server, "exit");
    const startedAt = performance.now();
    server.kill("SIGTERM");
    let text = first?.value ?? "";
    for (let next = await events?.read(); next?.done === false; next = await events?.read())
      text += next.value;
    expect(text).toMatch(/^event: text/);
    expect(text).toMatch(/event: error\ndata: \{"code":"stopped",.*\n\n$/);
    expect(await exited).toEqual([0, null]);
    expect((performance.now() - startedAt) / 1000).toBeGreaterThan(4.5);
    expect((performance.now() - startedAt) / 1000).toBeLessThan(10);
    await Promise.all([llm.close(), docs.dispose(), data.dispose()]);
  },
);
