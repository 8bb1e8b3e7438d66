import { globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

/** The repository's root. */
export const repository: string = resolve(import.meta.dirname, "../..");

/** Every page that a reader is meant to read, by its path from the repository's root; what is generated is none. */
export function readerPages(): readonly string[] {
  const patterns = ["*.md", "docs/**/*.md", "packages/*/README.md", "examples/*/README.md"];
  const options = { cwd: repository, exclude: ["docs/api/**"] };
  return globSync(patterns, options).sort();
}

/** A page's text. */
export function readPage(page: string): string {
  return readFileSync(resolve(repository, page), "utf8");
}
