import { FakeInferenceBackend } from "@binnacle/core/testing";
import { expect, test } from "vitest";
import { answererOf, openRagSystem } from "../rag-system.ts";
import type { Terminal } from "../terminal.ts";
import { fakeChatServer } from "../testing/fake-chat-server.ts";
import { handbook } from "../testing/handbook.ts";
import { onlyJson, runProgram } from "../testing/run-program.ts";
import { createWorkspace } from "../testing/workspace.ts";
import { printAsItComes } from "../print-answer.ts";

test("shows the model's words on a terminal as they arrive", async () => {
  const work = await createWorkspace();
  await work.rag("ingest", work.docs.path);
  const system = await openRagSystem({ data: work.data.path, collection: "documents", environment: {} });
  const backend = new FakeInferenceBackend({ replies: ["Every night at 02:30 [1]."] });
  const written: string[] = [];
  const write = (text: string): void => void written.push(text);
  const terminal: Terminal = {
    json: false,
    isWatched: true,
    write,
    print: write,
    note: write,
    result: write,
  };
  const stream = answererOf({ ...system, backend }).stream("When are backups taken?");
  const answer = await printAsItComes(stream, terminal);
  expect(written.join("")).toBe(`${answer.answer}\n`);
  expect(written.length).toBeGreaterThan(4);
  await system.close();
});

test.each([
  ["length", "Every night at 02:30 [1].", "The answer is cut: the model reached its token limit"],
  ["content-filter", "Every night at 02:30 [1].", "The answer is cut: the model's server filtered it."],
  [
    "repeated",
    `Every night [1]. ${"At 02:30 [1]. ".repeat(40)}`,
    "The model repeated itself and was stopped.",
  ],
] as const)("reports an incomplete answer in a pipe and in JSON: %s", async (finishReason, said, told) => {
  const work = await createWorkspace();
  await work.rag("ingest", work.docs.path);
  const model = await fakeChatServer(said, finishReason === "repeated" ? "stop" : finishReason);
  const asked = ["ask", "When are backups taken?"];
  const shown = await work.ragWith(model, ...asked);
  expect(shown).toMatchObject({ status: 0, stderr: expect.stringContaining(told) });
  expect(onlyJson(await work.ragWith(model, ...asked, "--json"))).toMatchObject({ finishReason });
  const folder = ["--docs", work.docs.path, "--data", work.data.path];
  const demo = await runProgram(
    "demo",
    [...folder, "--ask", "When are backups taken?", "--once", "--json"],
    model,
  );
  expect(demo.stderr).toContain(told);
  expect(onlyJson(demo)).toMatchObject({ finishReason, mode: "generated" });
});

test("prints no remark for a complete answer, and no finish reason without a model", async () => {
  const work = await createWorkspace();
  await work.rag("ingest", work.docs.path);
  const model = await fakeChatServer("Every night at 02:30 [1].");
  const written = await work.ragWith(model, "ask", "When are backups taken?", "--json");
  expect(onlyJson(written)).toMatchObject({ finishReason: "stop", citations: [{ number: 1 }] });
  expect(written.stderr).toBe("");
  const extracted = onlyJson(await work.rag("ask", "When are backups taken?", "--json"));
  expect(extracted).not.toHaveProperty("finishReason");
});

test("shows the model's passages if the answer cites nothing", async () => {
  const work = await createWorkspace();
  await work.rag("ingest", work.docs.path);
  const model = await fakeChatServer("Whenever the weather is fine.");
  const shown = await work.ragWith(model, "ask", "When are backups taken?");
  expect(shown.stdout).toMatch(/\n {2}No citations\. The model read:\n {4}backups\.md:\d+-\d+\n/);
  const { length } = handbook["backups.md"] ?? "";
  expect(onlyJson(await work.ragWith(model, "ask", "When are backups taken?", "--json"))).toMatchObject({
    citations: [],
    sources: [{ number: 1, documentId: "backups.md", start: expect.any(Number), end: length - 1 }],
  });
  const declined = await work.ragWith(model, "ask", "What is the boiling point of xenon?");
  expect(declined.stdout).not.toContain("No citations");
});

test("answers from as many passages as --limit says", async () => {
  const work = await createWorkspace();
  await work.rag("ingest", work.docs.path);
  const asked = ["ask", "Where is the primary node of the signing key?", "--json"];
  const model = await fakeChatServer("In the vault [1].");
  const one = onlyJson(await work.ragWith(model, ...asked, "--limit", "1"));
  expect(one).toMatchObject({ sources: [{ number: 1 }] });
  const more = onlyJson(await work.ragWith(model, ...asked));
  expect(more).toMatchObject({ sources: [{ number: 1 }, { number: 2 }] });
});

test("gives a reason and places to look for a refusal, and answers with --refuse off (Q45)", async () => {
  const work = await createWorkspace();
  await work.rag("ingest", work.docs.path);
  const question = "What is the melting point of the backups of Zarquon?";
  const shown = await work.rag("ask", question);
  expect(shown.stdout).toContain('No document mentions "Zarquon".');
  expect(shown.stdout).toMatch(/Nearest passages:\n {4}backups\.md:0-/);
  const refused = onlyJson(await work.rag("ask", question, "--json"));
  expect(refused).toMatchObject({
    mode: "none",
    refusal: { reason: "unknown-name", unknownNames: ["Zarquon"] },
  });
  const answered = onlyJson(await work.rag("ask", question, "--refuse", "off", "--json"));
  expect(answered).toMatchObject({ mode: "extractive" });
  expect((await work.rag("ask", question, "--refuse", "never")).status).toBe(1);
});
