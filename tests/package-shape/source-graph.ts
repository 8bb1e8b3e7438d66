import { globSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import ts from "typescript";
import { repository } from "./workspace.ts";

/** One import in one file. */
export interface Import {
  /** Importing file, relative to the repository. */
  readonly from: string;
  /** As written. */
  readonly specifier: string;
  /** The file it names, relative to the repository, where it is relative. */
  readonly to: string | undefined;
  /** Whether only types are imported, so that nothing is loaded. */
  readonly isOfTypes: boolean;
}

/** Published source files of all packages, relative to the repository: no tests and no fixtures. */
export function sourceFiles(): readonly string[] {
  return globSync("packages/*/src/**/*.ts", { cwd: repository })
    .filter((file) => !/\.test\.ts$|\.test-d\.ts$|\/fixtures\//.test(file))
    .sort();
}

/** Every import, export-from and dynamic import of the files, of types too. */
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

/** The file and every file that it imports, directly or through others, types and dynamic imports included. */
export function filesReachedFrom(entry: string): readonly string[] {
  const reached = new Set([entry]);
  for (const file of reached) for (const { to } of importsOf([file])) if (to !== undefined) reached.add(to);
  return [...reached];
}

const importOfTypes = /^(import|export) (type \{[^}]*\}|\{(\s*type [^,}]+,?)+\s*\}) from "[^"]+";/gm;

function specifiersIn(text: string): readonly string[] {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
}

/** Circles in which files load each other, each as the files it runs through. */
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
