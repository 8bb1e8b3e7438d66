import type { ChatMessage } from "@binnacle/core";
import { FakeInferenceBackend, type FakeReply } from "@binnacle/core/testing";
import { describe, expect, test } from "vitest";
import { createRetriever } from "../../retrieval/create-retriever.ts";
import { indexed, textDocument } from "../../retrieval/fixtures/indexed.ts";
import { nothingAnswersThat } from "../answer.ts";
import type { AnswererOptions } from "../answerer-options.ts";
import { createAnswerer } from "../create-answerer.ts";
import { createExtractiveAnswerer } from "../create-extractive-answerer.ts";
import { SilentBackend } from "../fixtures/silent-backend.ts";

const { store, index } = await indexed([
  textDocument(
    "tenants.txt",
    "A tenant owns its documents. Tenants are deleted with dropTenant, which removes all points.",
  ),
  textDocument("files.txt", "Files are deleted at the next sync. The guard keeps most of them."),
  textDocument("backups.txt", "Backups are taken every night. The snapshot is kept for 35 days."),
]);
const retriever = createRetriever({ store, index, limit: 2 });
const history = [{ question: "How do tenants work?", answer: "A tenant owns its documents [1]." }];
const followUp = "And how are they deleted?";

function answering(replies: readonly [FakeReply, ...FakeReply[]], rest: Partial<AnswererOptions> = {}) {
  const backend = new FakeInferenceBackend({ replies });
  return { backend, answerer: createAnswerer({ retriever, backend, ...rest }) };
}

const textOf = ({ content }: ChatMessage): string => (typeof content === "string" ? content : "");

describe("without a model", () => {
  const answerer = createExtractiveAnswerer({ retriever });

  test("answers a follow-up about the subject of the last question (T6, T46)", async () => {
    const answer = await answerer.answer(followUp, { history });
    expect(answer).toMatchObject({ question: followUp, mode: "extractive" });
    expect(answer.citations[0]?.documentId).toBe("tenants.txt");
    expect(answer.answer).toContain("dropTenant");
    expect(answer.trace.conversation).toMatchObject({ by: "words", turns: 0 });
    expect(answer.trace.retrieval.query).toBe(answer.trace.conversation?.question);
  });

  test("answers the same in a stream", async () => {
    const { citations, trace } = await answerer.stream(followUp, { history }).result;
    expect(citations[0]?.documentId).toBe("tenants.txt");
    expect(trace.conversation?.question).toBe("And how are they deleted? (tenants)");
  });

  test("searches a question with its own subject unchanged", async () => {
    const question = "How long is the snapshot kept?";
    const { trace, citations } = await answerer.answer(question, { history });
    expect(trace.conversation).toMatchObject({ question, by: "unchanged" });
    expect(citations[0]?.documentId).toBe("backups.txt");
    expect((await answerer.answer(question)).trace.conversation).toBeUndefined();
  });

  test("judges the completed question: a follow-up to an unknown name is refused", async () => {
    const about = [{ question: "What is Zarquon?", answer: nothingAnswersThat }];
    const { mode, refusal } = await answerer.answer("How is it paid for?", { history: about });
    expect([mode, refusal?.unknownNames]).toEqual(["none", ["Zarquon"]]);
  });
});

describe("with a model", () => {
  test("searches the question that the model rewrote, and puts it to the model (T6, T46)", async () => {
    const rewritten = "How are tenants deleted?";
    const { backend, answerer } = answering([`"${rewritten}"`, "With dropTenant [1]."]);
    const answer = await answerer.answer(followUp, { history });
    expect(answer.question).toBe(followUp);
    expect(answer.trace.conversation).toMatchObject({ question: rewritten, by: "model", turns: 1, cut: 0 });
    expect(answer.trace.retrieval.query).toBe(rewritten);
    expect(answer.citations[0]?.documentId).toBe("tenants.txt");
    expect(backend.requests).toHaveLength(2);
    expect(textOf(answer.trace.messages.at(-1) ?? { role: "user", content: "" })).toContain(
      `Question: ${rewritten}`,
    );
  });

  test("sends the turns as messages without the numbers of their sources (T46)", async () => {
    const { answerer } = answering(["How are tenants deleted?", "With dropTenant [1]."]);
    const { trace } = await answerer.answer(followUp, { history });
    expect(trace.messages.map(({ role }) => role)).toEqual(["system", "user", "assistant", "user"]);
    expect(trace.messages.slice(1, 3).map(textOf)).toEqual([
      "How do tenants work?",
      "A tenant owns its documents.",
    ]);
  });

  test.each<[what: string, reply: FakeReply]>([
    ["answers instead", "You delete files at the next sync, and the guard keeps most of them for the night."],
    ["states something", "The tenants are deleted by the guard."],
    ["states and asks", "A tenant owns its documents. How are they deleted?"],
    ["repeats the question", followUp],
    ["returns nothing", " "],
    ["talks about something else", "What is the capital of France?"],
    ["is cut", { text: "How are tenants deleted by", finishReason: "length" }],
  ])("joins the words if the model %s (T46)", async (_, reply) => {
    const { answerer } = answering([reply, "With dropTenant [1]."]);
    const { trace, citations } = await answerer.answer(followUp, { history });
    expect(trace.conversation).toMatchObject({ by: "words", question: `${followUp} (tenants)` });
    expect(citations[0]?.documentId).toBe("tenants.txt");
  });

  test("sends only whole turns within the budget, and says how many had no room", async () => {
    const long = { question: "How are files named?", answer: "By path. ".repeat(800) };
    const { answerer } = answering(["How are tenants deleted?", "With dropTenant [1]."]);
    const { trace } = await answerer.answer(followUp, { history: [long, long, ...history] });
    expect(trace.conversation).toMatchObject({ turns: 1, cut: 2 });
    expect(trace.messages).toHaveLength(4);
    const tight = answering(["With dropTenant [1]."], { maxHistoryTokens: 0 });
    const answer = await tight.answerer.answer(followUp, { history });
    expect(answer.trace.conversation).toMatchObject({ by: "words", turns: 0, cut: 1 });
    expect(tight.backend.requests).toHaveLength(1);
  });

  test("leaves most of a small window to the sources", async () => {
    const backend = new FakeInferenceBackend({
      replies: ["How are tenants deleted?", "With dropTenant [1]."],
      capabilities: { contextTokens: 400 },
    });
    const long = { question: "How are files named?", answer: "By path. ".repeat(80) };
    const answerer = createAnswerer({ retriever, backend });
    const { trace } = await answerer.answer(followUp, { history: [long, ...history] });
    expect(trace.conversation).toMatchObject({ turns: 1, cut: 1 });
    expect(trace.conversation?.tokens).toBeLessThanOrEqual(100);
  });

  test("names the rewriting if the deadline passes in it", async () => {
    const answerer = createAnswerer({ retriever, backend: new SilentBackend(), timeoutMs: 20 });
    await expect(answerer.answer(followUp, { history })).rejects.toMatchObject({
      code: "timeout",
      message: expect.stringContaining("in rewrite"),
    });
  });
});

test("passes the turns to a prompt builder (T46)", async () => {
  const seen: unknown[] = [];
  const { answerer } = answering(["How are tenants deleted?", "Yes [1]."], {
    prompt: (question, context, turns) => {
      seen.push(question, turns);
      return [{ role: "user", content: context.text }];
    },
  });
  await answerer.answer(followUp, { history });
  expect(seen).toEqual(["How are tenants deleted?", history]);
});

test.each<[what: string, turns: unknown, message: RegExp]>([
  ["a text", "hello", /history: /],
  [
    "an empty question",
    [{ question: " ", answer: "yes" }],
    /history\[?\.?0\]?\.question: expected the turn's question/,
  ],
  ["a message", [{ role: "user", content: "hi" }], /history/],
])("refuses %s as history", (_, turns, message) => {
  const { answerer } = answering(["Yes"]);
  // @ts-expect-error -- wrong on purpose
  expect(() => answerer.stream(followUp, { history: turns })).toThrow(message);
});
