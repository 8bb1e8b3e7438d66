import { FakeEmbedder } from "@binnacle/core/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRetriever } from "../retrieval/create-retriever.ts";
import { indexed, textDocument } from "../retrieval/fixtures/indexed.ts";
import { retrievalOf } from "../retrieval/fixtures/retrieval-of.ts";
import { nothingAnswersThat } from "./answer.ts";
import { createExtractiveAnswerer } from "./create-extractive-answerer.ts";

const documents = [
  textDocument(
    "vacuum.txt",
    "Dead rows pile up over time. Autovacuum removes dead rows by itself. It can be tuned.",
  ),
  textDocument("wal.txt", "A checkpoint flushes dirty pages to disk. The log can then be recycled."),
  textDocument(
    "keys.txt",
    "Keys expire. Rotate the signing key\nwith the command keyctl rotate. Keep the old key for a day.",
  ),
];
const { store, index } = await indexed(documents);
const retriever = createRetriever({ store, index });
const answerer = createExtractiveAnswerer({ retriever });

describe("sentences", () => {
  test("answers with the best sentence and cites its exact range", async () => {
    const { answer, mode, citations } = await answerer.answer("How do I rotate the signing key?");
    expect(mode).toBe("extractive");
    expect(answer).toBe("Rotate the signing key with the command keyctl rotate. [1]");
    expect(citations).toMatchObject([
      { number: 1, documentId: "keys.txt", start: 13, end: 67, by: "extraction" },
    ]);
    for (const { documentId, start, end, text } of citations) {
      expect(documents.find(({ id }) => id === documentId)?.text.slice(start, end)).toBe(text);
    }
  });

  test("gives at most maxSentences sentences", async () => {
    const one = createExtractiveAnswerer({ retriever, maxSentences: 1 });
    expect((await one.answer("What removes dead rows?")).citations).toMatchObject([
      { text: "Autovacuum removes dead rows by itself." },
    ]);
    const two = await answerer.answer("dead rows");
    expect(two.citations.map(({ number }) => number)).toEqual([1, 2]);
  });

  test.each([
    ["备份什么时候运行？", "备份每天凌晨两点运行"],
    ["如何轮换密钥？", "轮换密钥使用命令"],
  ])("answers %j with the sentence that holds the answer", async (question, expected) => {
    const chinese = await indexed([
      textDocument("备份.txt", "备份每天凌晨两点运行。结果写入日志。"),
      textDocument("密钥.txt", "轮换密钥使用命令 keyctl。旧密钥保留一天。"),
    ]);
    const { mode, answer } = await createExtractiveAnswerer({ retriever: createRetriever(chinese) }).answer(
      question,
    );
    expect(mode).toBe("extractive");
    expect(answer).toContain(expected);
  });

  test.each([
    ["Wie viele Tage Urlaub habe ich?", "Jeder Mitarbeiter hat 30 Tage Urlaub im Jahr. [1]"],
    ["Wann ist das Büro geöffnet?", "Das Büro ist von neun bis fünf geöffnet. [1]"],
    ["Was ist die Hauptstadt der Mongolei?", nothingAnswersThat],
    ["Wer ist der Kanzler der Republik?", nothingAnswersThat],
  ])("judges %j by its subject, whatever the encoder's language", async (question, expected) => {
    const pages = [
      textDocument(
        "urlaub.txt",
        "Jeder Mitarbeiter hat 30 Tage Urlaub im Jahr. Der Antrag ist bei der Leitung zu stellen, die ihn prüft.",
      ),
      textDocument(
        "zeiten.txt",
        "Das Büro ist von neun bis fünf geöffnet. Am Samstag ist die Pforte bis zwölf besetzt.",
      ),
    ];
    for (const language of ["english", "german"] as const) {
      const german = await indexed(pages, { language });
      const { answer } = await createExtractiveAnswerer({ retriever: createRetriever(german) }).answer(
        question,
      );
      expect(answer).toBe(expected);
    }
  });

  test("rewrites a document's own notes so that they do not read as citations", async () => {
    const noted = await indexed([
      textDocument("a.txt", "The signing key is rotated once a year.[2] It is long."),
    ]);
    const { answer, citations } = await createExtractiveAnswerer({
      retriever: createRetriever(noted),
    }).answer("When is the signing key rotated?");
    expect(answer).toBe("The signing key is rotated once a year.(2) [1]");
    expect(citations).toMatchObject([{ text: expect.stringContaining("a year.") }]);
  });

  test("cites a list item without its mark", async () => {
    const list =
      "Shutdown:\n- Close the store before the process ends.\n2. Wait for the worker thread to stop.";
    const marked = createExtractiveAnswerer({
      retriever: createRetriever(await indexed([textDocument("list.txt", list)], { maxTokens: 100 })),
    });
    for (const [question, sentence] of [
      ["closing the store of a process", "Close the store before the process ends."],
      ["waiting for the worker thread", "Wait for the worker thread to stop."],
    ] as const) {
      const [citation] = (await marked.answer(question)).citations;
      expect(citation?.text).toBe(sentence);
      expect(list.slice(citation?.start, citation?.end)).toBe(sentence);
    }
  });

  test("adds a sentence only if it contains a word of the question itself", async () => {
    const text =
      "Hybrid search of pages: `a|b|c|d|e|f|g`.\n\nThe flag can be given twice. It has no default.";
    const small = await indexed([textDocument("cli.txt", text)], { maxTokens: 100 });
    const narrow = createExtractiveAnswerer({ retriever: createRetriever(small) });
    const { citations } = await narrow.answer("What does hybrid search do?");
    expect(citations.map(({ text: sentence }) => sentence)).toEqual([
      "Hybrid search of pages: `a|b|c|d|e|f|g`.",
    ]);
  });

  test("shows the first sentences of the nearest passage if no sentence shares a word with the question (Q45)", async () => {
    const text = "# Rolling back\n\nPress Revert in Shipyard. The previous image is live within two minutes.";
    const pages = [
      textDocument("rollback.md", text),
      textDocument("dogs.md", "Dogs are welcome on floor two."),
    ];
    const given = await indexed(pages, { embedder: new FakeEmbedder(), maxTokens: 100 });
    const retriever = createRetriever({ ...given, minScore: { dense: -1 } });
    const { mode, citations, confidence, trace } = await createExtractiveAnswerer({ retriever }).answer(
      "undo bad releases",
    );
    expect(trace.relevance).toMatchObject({ relevant: true });
    expect({ mode, confidence }).toEqual({ mode: "extractive", confidence: trace.relevance.confidence });
    const [first] = trace.retrieval.passages;
    expect(citations.length).toBeGreaterThan(0);
    expect(citations.every(({ documentId }) => documentId === first?.documentId)).toBe(true);
    expect(citations.some(({ text: sentence }) => sentence.startsWith("#"))).toBe(false);
  });
});

describe("refusal", () => {
  test("refuses by the same rule as the generating answerer", async () => {
    const answer = await answerer.answer("What is the boiling point of xenon?");
    expect(answer).toMatchObject({ answer: nothingAnswersThat, mode: "none", citations: [] });
    expect(answer.trace.relevance).toMatchObject({ relevant: false });
  });

  test("never refuses a relevant question, whatever the passages and the question say (Q45)", async () => {
    const words = fc.array(fc.constantFrom("key", "lamp", "# Tide", "| a | b |", "1.", "\n\n", "```"), {
      minLength: 1,
    });
    await fc.assert(
      fc.asyncProperty(words, words, async (text, question) => {
        const retrieval = {
          ...retrievalOf([" \n", `x${text.join(" ")}`, `x${text.join(" ")}`]),
          query: question.join(" "),
        };
        const retriever = { retrieve: async () => retrieval };
        const { mode, answer, trace } = await createExtractiveAnswerer({ retriever }).answer("anything");
        expect(mode === "none").toBe(!trace.relevance.relevant);
        expect(answer).not.toBe("");
      }),
    );
  });
});

describe("options and stream", () => {
  test("works with a retriever that has no lexical encoder", async () => {
    const dense = await indexed(documents, { embedder: new FakeEmbedder(), isLexical: false });
    const { mode, citations } = await createExtractiveAnswerer({ retriever: createRetriever(dense) }).answer(
      "rotating the signing key",
    );
    expect(mode).toBe("extractive");
    expect(citations[0]?.documentId).toBe("keys.txt");
  });

  test("streams the same answer", async () => {
    const stream = answerer.stream("What does a checkpoint do?");
    const types: string[] = [];
    for await (const { type } of stream) types.push(type);
    expect(types).toEqual(["retrieval", "text", "finish"]);
    expect((await stream.result).citations[0]?.documentId).toBe("wal.txt");
  });

  test("passes the limit to the retriever and rejects if the signal has fired", async () => {
    const reason = new Error("stop");
    await expect(
      answerer.answer("What is a checkpoint?", { signal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason);
    const { trace } = await answerer.answer("What is a checkpoint of the log key?", { limit: 1 });
    expect(trace.retrieval.passages).toHaveLength(1);
  });

  test("rejects an unknown option", () => {
    expect(() => createExtractiveAnswerer(Object.assign({ retriever }, { maxSentence: 1 }))).toThrow(
      /maxSentence/,
    );
  });
});
