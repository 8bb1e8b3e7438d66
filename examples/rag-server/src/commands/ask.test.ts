import { FakeInferenceBackend } from "@binnacle/core/testing";
import { expect, test } from "vitest";
import { answererOf, openRagSystem } from "../rag-system.ts";
import type { Terminal } from "../terminal.ts";
import { createWorkspace } from "../testing/workspace.ts";
import { printAsItComes } from "./ask.ts";

test("on a terminal the words of the model are shown as they come", async () => {
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
  expect(written.join("")).toBe(`${answer.answer}\n\n`);
  expect(written.length).toBeGreaterThan(4);
  await system.close();
});
