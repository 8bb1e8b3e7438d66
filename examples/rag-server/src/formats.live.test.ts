import { expect, test } from "vitest";
import { answererOf, withRagSystem } from "./rag-system.ts";
import { harbourFolder } from "./testing/harbour-folder.ts";
import { createWorkspace } from "./testing/workspace.ts";

/** Questions with words of their answers, the file that has the answer, and its place in the file. */
const questions: readonly (readonly [question: string, answer: RegExp, file: string, place?: string])[] = [
  ["When do the quiet hours begin?", /eleven in the evening/, "rules.pdf", "page 2"],
  ["How do I renew my mooring?", /Fill in form C/, "moorings.docx", "How do I renew my mooring?"],
  ["When is the inspection of the crane?", /14 May — please keep the quay free/, "crane.eml"],
  ["Where does the tide gauge stand?", /eastern mole/, "tides.ipynb", "Tides"],
  ["Who owns berth B17?", /Owner 17, harbour/, "berths.csv"],
  ["What is the colour of the light on the east mole?", /green/, "lights.tsv"],
  ["When does the gate close?", /ten in the evening/, "gate.md", "The gate"],
  ["Which ships take a pilot on board?", /80 metres/, "pilots.html", "Pilots"],
  ["What are the minutes between two runs of the bilge pump?", /bilge pump/, "pump.py"],
  ["What do the showers take?", /tokens/, "showers.txt"],
];

test("cites a file of each format, and names the file that it could not read (T31, T33, T48)", async () => {
  const work = await createWorkspace({});
  const ingested = await work.rag("ingest", harbourFolder);
  expect(ingested.stdout).toContain(`+${questions.length} ~0 -0 documents`);
  expect(ingested.stderr).toMatch(/locked\.pdf.*encrypted/);
  const printed = await work.rag("ask", "When do the quiet hours begin?");
  expect(printed.stdout).toMatch(/\[1\] rules\.pdf:\d+-\d+ \(page 2\)\n/);
  const options = { data: work.data.path, collection: "documents", environment: {} };
  await withRagSystem(options, async (system) => {
    const answerer = answererOf(system);
    for (const [question, answer, file, place] of questions) {
      const found = await answerer.answer(question);
      const path = place === undefined ? expect.anything() : expect.arrayContaining([place]);
      expect(found, question).toMatchObject({
        mode: "extractive",
        answer: expect.stringMatching(answer),
        citations: expect.arrayContaining([expect.objectContaining({ documentId: file, path })]),
      });
    }
  });
});
