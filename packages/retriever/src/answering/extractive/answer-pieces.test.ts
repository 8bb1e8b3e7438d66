import { expect, test } from "vitest";
import { createRetriever } from "../../retrieval/create-retriever.ts";
import { indexed, textDocument } from "../../retrieval/fixtures/indexed.ts";
import { createExtractiveAnswerer } from "../create-extractive-answerer.ts";

/** Asks about one Markdown page, as the demo does. */
async function ask(page: string, question: string) {
  const document = { ...textDocument("page.md", page), mediaType: "text/markdown" };
  const retriever = createRetriever(await indexed([document], { maxTokens: 300 }));
  const { answer, citations } = await createExtractiveAnswerer({ retriever, refuse: "off" }).answer(question);
  for (const { start, end, text } of citations) expect(page.slice(start, end)).toBe(text);
  return answer;
}

test("brings the list along that a sentence only introduces (X1)", async () => {
  const page =
    "To start the engine:\n\n1. Open the fuel valve.\n2. Turn the key.\n\nIt warms up in a minute.";
  expect(await ask(page, "How do I start the engine?")).toBe(
    "To start the engine:\n1. Open the fuel valve.\n2. Turn the key. [1]",
  );
});

test("brings code and a table along that a sentence only introduces, and code its introduction (X1)", async () => {
  const code = "Restart the pump with this command:\n\n```sh\npump --restart\n```\n\nThe light turns green.";
  expect(await ask(code, "How do I restart the pump?")).toBe(
    "Restart the pump with this command:\n```sh\npump --restart\n```\n[1]",
  );
  expect(await ask(code, "pump --restart")).toContain("Restart the pump with this command:");
  const table =
    "The fees per night are:\n\n| Length | Fee |\n|---|---|\n| 12 m | 22 EUR |\n| 15 m | 31 EUR |\n";
  expect(await ask(table, "What are the fees per night?")).toContain("- Length: 12 m, Fee: 22 EUR");
});

test.each([
  ["**To start the engine:**", ["1. Open the fuel valve.", "2. Turn the key."]],
  ["To start the engine, follow the steps below.", ["1. Open the fuel valve.", "2. Turn the key."]],
  ["To start the engine:", ["a. Open the fuel valve.", "b. Turn the key."]],
  ["To start the engine:", ["1. Open the fuel valve.\n\n   It is red.", "2. Turn the key."]],
])("brings the whole list along after %j and %j (X1)", async (introduction, items) => {
  const page = `${introduction}\n\n${items.join("\n")}\n\nIt warms up in a minute.`;
  const answer = await ask(page, "How do I start the engine?");
  expect(answer).toContain("Open the fuel valve.");
  expect(answer).toContain("Turn the key. [1]");
  expect(answer).not.toContain("warms");
});

test.each([
  ["**How do I renew my mooring?**\n\n", "**Can I sublet my mooring?**\n\n"],
  ["How do I renew my mooring?\n---\n", "Can I sublet my mooring?\n===\n"],
  ["Q: How do I renew my mooring?\nA: ", "Q: Can I sublet my mooring?\nA: "],
])("reads %j as the heading of its own section (X2)", async (first, second) => {
  const page = `# Berths\n\n${first}Fill in form C at the office before April.\n\n${second}No, they are personal.\n`;
  expect(await ask(page, "How do I renew my mooring?")).toMatch(
    /^Fill in form C at the office before April\. \[1\]/,
  );
  expect(await ask(page, "Can I sublet my mooring?")).toMatch(/^No, they are personal\. \[1\]/);
});

test("lets a heading that matches speak for its own section (X2)", async () => {
  const page =
    "## How do I renew my mooring?\nFill in form C at the office before April.\n\n## Can I sublet my mooring?\nNo, moorings are personal.\n";
  expect(await ask(page, "How do I renew my mooring?")).toMatch(
    /^Fill in form C at the office before April\. \[1\]/,
  );
  expect(await ask(page, "Can I sublet my mooring?")).toMatch(/^No, moorings are personal\. \[1\]/);
});

test("answers with the row of a table and the names of its columns (X3)", async () => {
  const rows = ["Boat length | Price per night", "--- | ---", "up to 12 m | 22 EUR", "up to 15 m | 31 EUR"];
  for (const page of [rows.join("\n"), rows.map((row) => `| ${row} |`).join("\n")]) {
    expect(await ask(`# Prices\n\n${page}\n`, "What does a boat up to 12 m pay per night?")).toMatch(
      /^Boat length: up to 12 m, Price per night: 22 EUR \[1\]/,
    );
  }
});

test("reads sentences with bars as prose (X3)", async () => {
  const page =
    "Use `a | b` to pipe. The hotel limit is 140 EUR.\nThe taxi limit | see below | is 20 EUR.\nThe bus limit | none.";
  expect(await ask(page, "What is the hotel limit?")).toMatch(/^The hotel limit is 140 EUR\. \[1\]/);
  expect(await ask(page, "What is the taxi limit?")).toMatch(/^The taxi limit \| see below \| is 20 EUR\./);
});

test("never answers with a comment or the lines of front matter (X4)", async () => {
  const page =
    "---\ntitle: Gate description\n---\n\n# Gate\n\n<!-- old door code is 4711 -->\n\nThe door code <!-- was 4711 --> is on the board. The gate is green.\n";
  expect(await ask(page, "What is the door code?")).not.toMatch(/4711|old/);
  expect(await ask(page, "gate description")).not.toMatch(/title|---/);
});

test("keeps the text after the mark of a comment in code (X4)", async () => {
  const page = "The opening mark of a comment is `<!--` in HTML. The gate code is on the blue board.";
  expect(await ask(page, "Where is the gate code?")).toMatch(/^The gate code is on the blue board\. \[1\]/);
});

test("answers with whole sentences (X5)", async () => {
  const page = "Das Hafenfest findet am 3. Oktober statt. Es beginnt am Mittag.";
  expect(await ask(page, "Wann findet das Hafenfest statt?")).toMatch(
    /^Das Hafenfest findet am 3\. Oktober statt\. \[1\]/,
  );
  const guard = "The harbour is small. The U.S. Coast Guard inspects boats in May.";
  expect(await ask(guard, "Who inspects boats?")).toBe("The U.S. Coast Guard inspects boats in May. [1]");
});
