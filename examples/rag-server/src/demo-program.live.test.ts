import { createServer } from "node:http";
import { once } from "node:events";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fakeServer } from "./testing/fake-server.ts";
import { handbook } from "./testing/handbook.ts";
import { runProgram } from "./testing/run-program.ts";
import { temporaryFolder, type TemporaryFolder } from "./testing/temporary-folder.ts";

let docs: TemporaryFolder;
let data: TemporaryFolder;

beforeEach(async () => {
  docs = await temporaryFolder(handbook);
  data = await temporaryFolder();
});

afterEach(async () => {
  await docs.dispose();
  await data.dispose();
});

test("indexes twice, answers with a citation and says that no model is in use (Q44)", async () => {
  const result = await runProgram("demo", [
    "--docs",
    docs.path,
    "--ask",
    "When are backups taken?",
    "--once",
    "--data",
    data.path,
  ]);
  expect(result).toMatchObject({ status: 0 });
  expect(result.stdout).toContain("+3 ~0 -0 documents");
  expect(result.stdout).toContain("0 embeddings, 0 writes");
  expect(result.stdout).toContain("02:30");
  expect(result.stdout).toMatch(/\[1\] backups\.md:\d+-\d+/);
  expect(result.stdout).toContain("BINNACLE_LLM_URL");
});

test("answers its own question from the bundled handbook if no option is given", async () => {
  const result = await runProgram("demo", ["--once", "--data", data.path, "--json"]);
  expect(result).toMatchObject({ status: 0, stderr: "" });
  const answer: unknown = JSON.parse(result.stdout.trimEnd().split("\n").at(-1) ?? "");
  expect(answer).toMatchObject({
    question: "How many days of vacation do I get?",
    answer: "You get 28 days of paid vacation each year. [1]",
    mode: "extractive",
    citations: [{ number: 1, documentId: "people/time-off.md" }],
  });
});

test("prints the answer with --json as the last line of stdout", async () => {
  const args = [
    "--docs",
    docs.path,
    "--ask",
    "When does the rota change?",
    "--once",
    "--json",
    "--data",
    data.path,
  ];
  const { stdout } = await runProgram("demo", args);
  expect(JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "")).toMatchObject({
    question: "When does the rota change?",
    mode: "extractive",
    citations: [{ number: 1, documentId: "on-call.md" }],
  });
});

test.each([
  ["pages", handbook],
  ["a title of stop words", { "about.md": "# About\n\n## Lock times\n\nThe lock opens at high water.\n" }],
  ["no title at all", { "notes.txt": "Boats leave the harbour before noon. They return at dusk.\n" }],
  ["another script", { "zh.md": "# 备份\n\n每天晚上进行备份，保留三十五天。\n" }],
])("asks a folder a question that it can answer if --ask is missing: %s", async (_, files) => {
  const folder = await temporaryFolder(files);
  const args = ["--docs", folder.path, "--once", "--data", data.path];
  const { status, stdout } = await runProgram("demo", [...args, "--json"]);
  expect(status).toBe(0);
  expect(JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "")).toMatchObject({ mode: "extractive" });
  expect((await runProgram("demo", args)).stdout).toContain("No question was given (--ask)");
  await folder.dispose();
});

test("refuses an empty folder and an empty question in plain words", async () => {
  const empty = await temporaryFolder({ "scan.pptx": "PK" });
  const nothing = await runProgram("demo", ["--docs", empty.path, "--once", "--json", "--data", data.path]);
  expect(nothing.status).toBe(1);
  expect(JSON.parse(nothing.stdout)).toMatchObject({ error: { code: "no_documents" } });
  expect(nothing.stderr).toContain("skipped 1 file: 1 of an unsupported format");
  await empty.dispose();

  const asked = await runProgram("demo", ["--docs", docs.path, "--ask", " ", "--once", "--data", data.path]);
  expect(asked).toMatchObject({
    status: 1,
    stdout: "",
    stderr: "error: --ask is empty; give it a question\n",
  });
});

test("refuses a missing folder, an unknown flag and a used port", async () => {
  const missing = await runProgram("demo", ["--docs", `${docs.path}/missing`, "--once"]);
  expect(missing).toMatchObject({ status: 1, stdout: "" });
  expect(missing.stderr).toContain("there is no such folder");
  expect((await runProgram("demo", ["--wat"])).status).toBe(1);

  const squatter = createServer().listen(0, "127.0.0.1");
  await once(squatter, "listening");
  const address = squatter.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const taken = await runProgram("demo", [
    "--docs",
    docs.path,
    "--data",
    data.path,
    "--once",
    "--port",
    String(port),
  ]);
  squatter.close();
  expect(taken.status).toBe(1);
  expect(taken.stderr).toContain(`port ${port} is in use`);
});

test("prints a failure with --json as the last line of stdout", async () => {
  const missing = await runProgram("demo", ["--docs", `${docs.path}/missing`, "--once", "--json"]);
  expect(missing.status).toBe(1);
  expect(JSON.parse(missing.stdout)).toEqual({
    error: { code: "invalid_configuration", message: expect.stringContaining("there is no such folder") },
  });
});

test.each([{}, { BINNACLE_LLM_KIND: "llama-cpp" }, { BINNACLE_LLM_KIND: "openai", BINNACLE_LLM_MODEL: "m" }])(
  "names a missing model server with its address before anything is indexed: %o",
  async (kind) => {
    const environment = { BINNACLE_LLM_URL: "http://127.0.0.1:2", ...kind };
    const args = ["--docs", docs.path, "--data", data.path, "--once"];
    const result = await runProgram("demo", args, environment);
    expect(result).toMatchObject({ status: 1, stdout: "" });
    expect(result.stderr).toMatch(/^error: BINNACLE_LLM_URL: .*http:\/\/127\.0\.0\.1:2\b.*\n$/);
  },
);

test.each([
  ["llama-cpp", 200],
  ["openai", 404],
])("reports a model server that fails at the question in lines for people: %s", async (kind, found) => {
  const url = await fakeServer((request, response) => {
    const isAsked = request.method === "POST";
    response.writeHead(isAsked ? 400 : found, { "content-type": "application/json" }).end("{}");
  });
  const environment = { BINNACLE_LLM_URL: url, BINNACLE_LLM_KIND: kind, BINNACLE_LLM_MODEL: "m" };
  const args = ["--docs", docs.path, "--data", data.path, "--once"];
  const { status, stderr } = await runProgram("demo", args, environment);
  expect(status).toBe(1);
  expect(stderr.split("\n")).toEqual([
    expect.stringMatching(`^server: (LlamaCpp|OpenAI)Backend.* ${url}`),
    expect.stringMatching(/^error: /),
    "",
  ]);
});
