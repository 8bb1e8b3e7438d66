import { readFileSync } from "node:fs";
import { basename, dirname } from "node:path/posix";
import { describe, expect, it } from "vitest";
import { sourceFiles } from "./source-graph.ts";
import { repository } from "./workspace.ts";

const value = /^export (?:async )?(?:abstract )?(?:function\*?|class|const) (\w+)/gm;
const type = /^export (?:interface|type) (\w+)/gm;

describe("a file that exports one function, class or constant", () => {
  it("carries a name whose words its main export has", () => {
    const named = sourceFiles().flatMap((file) => namesIn(file));
    expect(named.length).toBeGreaterThan(300);
    expect(named.filter(({ file, exports }) => !exports.some((name) => fits(file, name)))).toEqual([]);
  });

  it.each([
    ["store-service", "openStoreService", true],
    ["openai-server", "createOpenAIServer", true],
    ["parse-query", "checkQuery", false],
  ])("counts %s.ts as named after %s: %s", (file, name, isNamed) => {
    expect(fits(`${file}.ts`, name)).toBe(isNamed);
  });
});

/** Returns the file with its exports, or nothing if it has several values or a name with its own rule. */
function namesIn(file: string): readonly { readonly file: string; readonly exports: readonly string[] }[] {
  const text = readFileSync(repository + file, "utf8");
  const values = [...text.matchAll(value)].map(([, name = ""]) => name);
  const types = [...text.matchAll(type)].map(([, name = ""]) => name);
  const isOfDriver = basename(file).startsWith(`${basename(dirname(file))}-`);
  const isMarked = /\.(live|worker|d)\.ts$/.test(file);
  return values.length === 1 && !isOfDriver && !isMarked ? [{ file, exports: [...values, ...types] }] : [];
}

function fits(file: string, name: string): boolean {
  const words = wordsOf(name);
  const wanted = wordsOf(basename(file, ".ts"));
  return wanted.every((word) => words.includes(word)) || words.join("").includes(wanted.join(""));
}

/** Returns the words of a name, without a plural's s. */
function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1-$2")
    .toLowerCase()
    .split(/[-.]/)
    .map((word) => word.replace(/s$/, ""));
}
