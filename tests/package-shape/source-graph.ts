import { globSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import ts from "typescript";
import { repository } from "./workspace.ts";

/** One import of a file. */
export interface Import {
  /** Importing file, relative to the repository. */
  readonly from: string;
  /** Specifier as written. */
  readonly specifier: string;
  /** Imported file, relative to the repository. Undefined if the specifier is not relative. */
  readonly to: string | undefined;
  /** True if only types are imported, so that nothing is loaded. */
  readonly isOfTypes: boolean;
}

/**
 * Returns the published source files of all packages, relative to the repository, without tests and fixtures.
 */
export function sourceFiles(): readonly string[] {
  return globSync("packages/*/src/**/*.ts", { cwd: repository })
    .filter((file) => !/\.test\.ts$|\.test-d\.ts$|\/fixtures\//.test(file))
    .sort();
}

/** Returns every import, export-from and dynamic import of the files, with those of types. */
export function importsOf(files: readonly string[]): readonly Import[] {
  return files.flatMap((from) => {
    const text = readFileSync(repository + from, "utf8");
    const loaded = new Set(specifiersIn(text.replace(importOfTypes, "")));
    return specifiersIn(text).map((specifier) => ({
      from,
      specifier,
      to: specifier.startsWith(".") ? posix.join(posix.dirname(from), specifier) : undefined,
      isOfTypes: !loaded.has(specifier),
    }));
  });
}

/** Returns the file and every file that it imports directly or indirectly, with types and dynamic imports. */
export function filesReachedFrom(entry: string): readonly string[] {
  const reached = new Set([entry]);
  for (const file of reached) for (const { to } of importsOf([file])) if (to !== undefined) reached.add(to);
  return [...reached];
}

const importOfTypes = /^(import|export) (type \{[^}]*\}|\{(\s*type [^,}]+,?)+\s*\}) from "[^"]+";/gm;

function specifiersIn(text: string): readonly string[] {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
}

/** Returns the cycles of files that load each other, each as a list of its files. */
export function findCycles(imports: readonly Import[]): readonly string[] {
  const targets = new Map<string, string[]>();
  for (const { from, to, isOfTypes } of imports) {
    if (to !== undefined && !isOfTypes) targets.set(from, [...(targets.get(from) ?? []), to]);
  }
  const cycles: string[] = [];
  const state = new Map<string, "open" | "done">();
  const visit = (file: string, path: readonly string[]): void => {
    if (state.get(file) === "done") return;
    if (state.get(file) === "open") {
      cycles.push([...path.slice(path.indexOf(file)), file].join(" -> "));
      return;
    }
    state.set(file, "open");
    for (const target of targets.get(file) ?? []) visit(target, [...path, file]);
    state.set(file, "done");
  };
  for (const file of targets.keys()) visit(file, []);
  return cycles;
}
