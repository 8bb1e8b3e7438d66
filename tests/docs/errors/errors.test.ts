import { describe, expect, test } from "vitest";
import { readPage } from "../pages.ts";
import { errorSections } from "./error-sections.ts";
import { errorsPage, renderErrorsPage } from "./errors-page.ts";
import { filesWithPassedCodes, findCodes, mentionsIn } from "./find-codes.ts";

describe("the page of errors", () => {
  test("has every code of the sources, once, and no other code", () => {
    const explained = errorSections.flatMap(({ codes }) => Object.keys(codes));
    expect(explained.sort()).toEqual(findCodes().map(({ code }) => code));
  });

  // These pass on the code of another error, or read it from a table whose rows have a `code` each.
  test("knows the files that do not write their codes as strings", () => {
    expect(filesWithPassedCodes()).toEqual([
      "packages/retriever/src/indexing/documents/embed-contents.ts",
      "packages/retriever/src/indexing/documents/note-unchanged.ts",
      "packages/retriever/src/indexing/documents/write-plans.ts",
      "packages/retriever/src/indexing/driving/drive-source.ts",
      "packages/retriever/src/redis/link/redis-failure.ts",
      "packages/retriever/src/reindexing/point-copier.ts",
      "packages/retriever/src/sources/folder/list-folder.ts",
      "packages/retriever/src/sources/folder/read-document.ts",
      "packages/retriever/src/stores/sqlite/channel/wire-error.ts",
    ]);
  });

  test("is up to date; `npm run errors` writes it", async () => {
    expect(readPage(errorsPage)).toBe(await renderErrorsPage());
  });
});

describe("the search for codes", () => {
  const codesIn = (text: string): readonly string[] => mentionsIn("a.ts", text).map(({ code }) => code);

  test.each([
    ['new BinnacleError("too_deep", "…")', ["too_deep"]],
    [
      'new ConfigurationError("…", { code: isDense ? "wrong_space" : "wrong_encoder" })',
      ["wrong_space", "wrong_encoder"],
    ],
    ['class FencedError extends BinnacleError { constructor() { super("fenced", "…"); } }', ["fenced"]],
    ["new RequestError(`http_${status}`, message)", ["http_*"]],
    [
      'function refuse(error: Error, code: string) { return new RequestError(code, ""); }\nrefuse(error, "too_large")',
      ["too_large"],
    ],
    ['type InferenceErrorKind = "too-long" | "server"', ["inference_too_long", "inference_server"]],
  ])("finds the codes in %s", (text, codes) => {
    expect(codesIn(text)).toEqual(codes);
  });

  test("does not take other values for codes", () => {
    expect(codesIn('context.addIssue({ code: "custom" }); new TypeError("terminated");')).toEqual([]);
  });
});
