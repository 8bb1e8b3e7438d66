import { globSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { examplesOf } from "./code-blocks.ts";
import { readPage, readerPages, repository } from "./pages.ts";

/** Examples by the path that each would have. No file is written. */
const examples: ReadonlyMap<string, string> = new Map(
  readerPages()
    .flatMap((page) => examplesOf(page))
    .map(({ page, line, code }) => [
      join(repository, ".cache/docs", `${page.replaceAll("/", "-")}-${line}.ts`),
      code,
    ]),
);

/** The repository's compiler options without those for declarations. */
function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(repository, "tsconfig.base.json"), ts.sys.readFile);
  const { options, errors } = ts.parseJsonConfigFileContent(config, ts.sys, repository);
  expect(errors.filter(({ code }) => code !== 18003)).toEqual([]); // 18003: no input files, which is intended
  return { ...options, isolatedDeclarations: false, declaration: false };
}

/** Plain `strict`. The repository's further options make some types wider and others narrower. */
function bareStrict(): ts.CompilerOptions {
  return {
    ...compilerOptions(),
    exactOptionalPropertyTypes: false,
    noUncheckedIndexedAccess: false,
  };
}

/** Files that both programs read are parsed once, because their options change only the checks. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/** Creates a compiler host that finds the examples beside the files on disk. */
function hostWith(files: ReadonlyMap<string, string>, options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options, true);
  const { fileExists, readFile, getSourceFile } = host;
  return {
    ...host,
    fileExists: (file) => files.has(file) || fileExists(file),
    readFile: (file) => files.get(file) ?? readFile(file),
    getSourceFile: (file, version) => {
      const text = files.get(file);
      const source =
        parsed.get(file) ??
        (text === undefined ? getSourceFile(file, version) : ts.createSourceFile(file, text, version, true));
      parsed.set(file, source);
      return source;
    },
  };
}

test.each([
  ["this repository's strictness", (): ts.CompilerOptions => compilerOptions()],
  ['no more than "strict", as most readers have it', bareStrict],
])(
  "compiles every TypeScript block of the documentation with %s (T65)",
  (_, optionsOf) => {
    const options = optionsOf();
    const modules = globSync("docs/examples/*.ts", { cwd: repository }).map((file) => join(repository, file));
    const files = [...examples.keys(), ...modules];
    expect(examples.size).toBeGreaterThan(15);
    expect(modules.length).toBeGreaterThan(0);
    const program = ts.createProgram(files, options, hostWith(examples, options));
    const complaints = files.flatMap((file) => {
      const source = program.getSourceFile(file);
      if (source === undefined) return [`${file} is not in the program`];
      return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
        ({ start, messageText }) =>
          `${file}:${source.getLineAndCharacterOfPosition(start ?? 0).line + 1}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
      );
    });
    expect(complaints).toEqual([]);
  },
  60_000,
);

test("keeps the lines of the page in an example, and joins its continuations", () => {
  const page = "docs/guides/getting-started.md";
  const lines = readPage(page).split("\n");
  const [first] = examplesOf(page);
  for (const [at, line] of first?.code.split("\n").entries() ?? [])
    if (line !== "") expect(line).toBe(lines[at]);
  expect(first?.code).toContain("new SqliteStore(");
  expect(first?.code).toContain("createExtractiveAnswerer(");
  expect(first?.output).toContain("+2 ~0 -0");
});
