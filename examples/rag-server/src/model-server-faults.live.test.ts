import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import {
  llamaServerMissing,
  startLlamaServer,
  type LlamaServer,
  type LlamaServerOptions,
} from "../../../tests/servers/llama-server.ts";
import { handbook } from "./testing/handbook.ts";
import { onlyJson, runProgram, type ProgramResult } from "./testing/run-program.ts";
import { temporaryFolder, type TemporaryFolder } from "./testing/temporary-folder.ts";

const slots = z.array(z.object({ next_token: z.array(z.object({ n_decoded: z.number() })).optional() }));
const missing = await llamaServerMissing("own");
const because = missing === undefined ? "" : ` (skipped: ${missing})`;
const question = "How do I rotate the signing key?";

describe.skipIf(missing !== undefined)(`the programs with a model server in trouble${because}`, () => {
  const servers: LlamaServer[] = [];
  let docs: TemporaryFolder;
  let data: TemporaryFolder;

  const start = async (options: LlamaServerOptions): Promise<LlamaServer> => {
    const server = await startLlamaServer({ args: ["--no-webui", "--slots"], ...options });
    servers.push(server);
    return server;
  };
  const rag = (environment: NodeJS.ProcessEnv, ...args: string[]): Promise<ProgramResult> =>
    runProgram("binnacle-rag", [...args, "--data", data.path, "--json"], environment);

  beforeEach(async () => {
    docs = await temporaryFolder(handbook);
    data = await temporaryFolder();
  });

  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
    await docs.dispose();
    await data.dispose();
  });

  test("names a stopped server's variable, exits with status 1 and leaves the index unchanged", async () => {
    const embed = await start({ kind: "embed" });
    const environment = { BINNACLE_EMBED_URL: embed.url };
    expect((await rag(environment, "ingest", docs.path)).status).toBe(0);
    await embed.close();

    await docs.write({ "backups.md": "# Backups\n\nThere are none.\n" });
    for (const args of [
      ["ingest", docs.path],
      ["ask", question],
    ]) {
      const failed = await rag(environment, ...args);
      const message = `BINNACLE_EMBED_URL: nothing answers at ${embed.url}; start the server or unset the variable`;
      expect(failed).toMatchObject({ status: 1, stderr: `error: ${message}\n` });
      expect(onlyJson(failed)).toMatchObject({ error: { message } });
    }
    const again = await start({ kind: "embed", port: Number(new URL(embed.url).port) });
    const planned = await rag({ BINNACLE_EMBED_URL: again.url }, "ingest", docs.path, "--plan");
    expect(onlyJson(planned)).toMatchObject({ documents: { added: 0, changed: 1, unchanged: 2 } });
  });

  test("asks and embeds by the server that works, if one of several addresses is dead (Q3)", async () => {
    const [embed, llm] = await Promise.all([start({ kind: "embed" }), start({ kind: "chat" })]);
    const dead = "http://127.0.0.1:2";
    const environment = {
      BINNACLE_EMBED_URL: `${dead},${embed.url}`,
      BINNACLE_LLM_URL: `${llm.url}, ${dead}`,
    };
    expect((await rag(environment, "ingest", docs.path)).status).toBe(0);
    // The index is the one of a single server.
    const searched = await rag({ BINNACLE_EMBED_URL: embed.url }, "search", question, "--mode", "dense");
    expect(searched).toMatchObject({ status: 0, stderr: "" });
    expect(onlyJson(await rag(environment, "ask", question))).toMatchObject({ mode: "generated" });
  });

  test("waits for a server that is still loading, then asks it", async () => {
    await rag({}, "ingest", docs.path);
    const llm = await start({ kind: "chat", whileLoading: true });
    llm.signal("SIGSTOP"); // otherwise the model is loaded before the program starts
    const asking = rag({ BINNACLE_LLM_URL: llm.url }, "ask", question);
    await wait(1500);
    llm.signal("SIGCONT");
    const asked = await asking;
    const [waiting, ...remarks] = asked.stderr.trimEnd().split("\n");
    expect(asked.status).toBe(0);
    expect(waiting).toBe(`BINNACLE_LLM_URL: waiting for ${llm.url} to load its model`);
    // A small model that writes endlessly is cut, or stopped when it repeats itself.
    for (const remark of remarks) expect(remark).toMatch(/^(The answer is cut|The model repeated itself)/);
    expect(onlyJson(asked)).toMatchObject({ mode: "generated" });
  });

  test("reports an error with status 1 instead of an answer when the server dies in mid-answer", async () => {
    await rag({}, "ingest", docs.path);
    const llm = await start({ kind: "chat" });
    const [failed] = await Promise.all([
      rag({ BINNACLE_LLM_URL: llm.url }, "ask", question),
      killInMidAnswer(llm),
    ]);
    expect(failed.status).toBe(1);
    expect(failed.stderr).toMatch(/^error: .*\n$/);
    expect(failed.stderr).toContain(llm.url);
    const message = failed.stderr.slice("error: ".length).trimEnd();
    expect(onlyJson(failed)).toEqual({ error: { code: expect.any(String), message } });
    expect(onlyJson(await rag({}, "ask", question))).toMatchObject({ mode: "extractive" });
  });

  test("passes on the failure of the demo's own server when the model dies in mid-answer", async () => {
    const llm = await start({ kind: "chat" });
    const args = ["--docs", docs.path, "--data", data.path, "--ask", question, "--once", "--json"];
    const [failed] = await Promise.all([
      runProgram("demo", args, { BINNACLE_LLM_URL: llm.url }),
      killInMidAnswer(llm),
    ]);
    expect(failed.status).toBe(1);
    expect(failed.stderr).toContain(llm.url);
    expect(onlyJson(failed)).toEqual({
      error: { code: "chat_failed", message: "The model server ended the answer early; ask again." },
    });
  });
});

/** Kills the server once a part of its answer has arrived. Before that, the question would be retried. */
async function killInMidAnswer(server: LlamaServer): Promise<void> {
  for (;;) {
    const response = await fetch(`${server.url}/slots`, { headers: { connection: "close" } });
    const tokens = slots.parse(await response.json()).flatMap(({ next_token: next = [] }) => next);
    if (tokens.some(({ n_decoded: decoded }) => decoded > 1)) return server.signal("SIGKILL");
    await wait(10);
  }
}
