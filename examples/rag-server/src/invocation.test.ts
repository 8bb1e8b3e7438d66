import { resolve } from "node:path";
import { expect, test } from "vitest";
import { hintFor, type StartedProcess } from "./invocation.ts";

const started = (rest: Partial<StartedProcess>): StartedProcess => ({
  argv: ["node", "/usr/bin/binnacle-rag"],
  execArgv: [],
  env: {},
  cwd: () => "/home/reader",
  ...rest,
});
const place = { data: "/home/reader/.binnacle", collection: "documents" };

test.each([
  ["npx", { env: { npm_lifecycle_event: "npx" } }, "npx binnacle-rag ingest DIR"],
  ["npm run", { env: { npm_lifecycle_event: "rag" } }, "npm run --silent rag -- ingest DIR"],
  ["the path", {}, "binnacle-rag ingest DIR"],
  [
    "node",
    { argv: ["node", "/home/reader/src/rag.ts"], execArgv: ["--conditions=@binnacle/source"] },
    "node --conditions=@binnacle/source src/rag.ts ingest DIR",
  ],
])("names the program as it was started by %s (T4)", (_, given, hint) => {
  expect(hintFor(["ingest", "DIR"], place, started(given))).toBe(hint);
});

test("keeps the options that select another index, and quotes what a shell would change", () => {
  const other = { data: resolve("/data/my index"), collection: "other" };
  expect(hintFor(["ingest", "it's here"], other, started({}))).toBe(
    "binnacle-rag ingest 'it'\\''s here' --data '/data/my index' --collection other",
  );
});
