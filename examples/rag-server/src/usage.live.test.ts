import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { onlyJson, runProgram } from "./testing/run-program.ts";
import { createWorkspace } from "./testing/workspace.ts";

test.each([
  ["an unknown flag", ["search", "x", "--wat"], "--wat"],
  ["an unknown command", ["wat"], "wat"],
  ["no command", [], ""],
  ["a limit that is no number", ["search", "x", "--limit", "many"], "whole number"],
  ["a mode that does not exist", ["search", "x", "--mode", "psychic"], "psychic"],
  ["an empty data directory", ["ingest", ".", "--data", ""], "--data"],
  ["an empty folder to index", ["ingest", ""], "dir"],
  ["an empty folder to forget", ["forget", ""], "dir"],
  ["an empty folder of a document", ["export", "x", "--folder", ""], "--folder"],
  ["a collection that is a path", ["search", "x", "--collection", "../x"], "--collection"],
  ["an empty collection", ["search", "x", "--collection", ""], "--collection"],
  ["a host with a scheme", ["serve", "--allowed-host", "http://rag.example"], "--allowed-host"],
  ["a missing argument", ["ingest"], "dir"],
  ["a missing value", ["search", "x", "--limit"], "--limit"],
])("reports wrong arguments with --json as one JSON object: %s", async (_, args, named) => {
  const result = await runProgram("binnacle-rag", ["--json", ...args]);
  const behind = await runProgram("binnacle-rag", [...args, "--json"]);
  for (const wrong of [result, behind]) {
    expect(wrong.status).toBe(1);
    expect(onlyJson(wrong)).toMatchObject({ error: { code: expect.stringMatching(/^\w+$/) } });
  }
  expect(behind.stdout).toContain(named);
});

test("treats --json after -- as a text", async () => {
  const result = await runProgram("binnacle-rag", ["search", "--wat", "--", "--json"]);
  expect(result).toMatchObject({ status: 1, stdout: "" });
});

test("refuses an empty path before anything is written", async () => {
  const work = await createWorkspace();
  const program = fileURLToPath(new URL("bin/binnacle-rag.ts", import.meta.url));
  const args = ["--conditions=@binnacle/source", program, "ingest", ".", "--data", ""];
  const child = spawn(process.execPath, args, { cwd: work.docs.path, stdio: "ignore" });
  expect(await once(child, "close")).toEqual([1, null]);
  expect(await readdir(work.docs.path)).not.toContain("index.sqlite");
  for (const option of ["--docs", "--data"])
    expect((await runProgram("demo", ["--once", option, ""])).stderr).toContain("got an empty value");
});

test("explains in the demo's help where it listens and where its index goes", async () => {
  const { stdout } = await runProgram("demo", ["--help"]);
  const help = stdout.replace(/\s+/g, " ");
  expect(help).toContain("default: 8000");
  expect(help).toContain("default: .binnacle/demo-<hash>");
});

test("reports the demo's wrong arguments as JSON on the last line", async () => {
  const result = await runProgram("demo", ["--json", "--port", "many"]);
  expect(result.status).toBe(1);
  expect(onlyJson(result)).toMatchObject({ error: { message: expect.stringContaining("whole number") } });
});

test("refuses an empty question and an empty search in plain words", async () => {
  const work = await createWorkspace();
  await work.rag("ingest", work.docs.path);
  expect((await work.rag("ask", " ")).stderr).toBe("error: the question is empty; enter a question\n");
  expect((await work.rag("search", "")).stderr).toBe("error: the search text is empty; enter a text\n");
});

test("resolves paths from where npm run was called, but ignores the folder of any other script", async () => {
  const work = await createWorkspace();
  const repository = resolve(import.meta.dirname, "../../..");
  const program = fileURLToPath(new URL("bin/binnacle-rag.ts", import.meta.url));
  const run = async (script: string): Promise<number> => {
    const args = ["--conditions=@binnacle/source", program, "ingest", ".", "--plan", "--data", "nowhere"];
    const env = { PATH: process.env["PATH"], INIT_CWD: work.docs.path, npm_lifecycle_event: script };
    const child = spawn(process.execPath, args, { cwd: repository, env });
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.resume();
    await once(child, "close");
    return Number(/^\+(\d+)/.exec(stdout)?.[1]);
  };
  expect(await run("rag")).toBe(3);
  expect(await run("test")).toBeGreaterThan(3);
});
