import { globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

/** The repository's root. */
export const repository: string = resolve(import.meta.dirname, "../..");

/**
 * Returns the paths of all pages for readers, relative to the repository's root. Generated pages are not
 * included.
 */
export function readerPages(): readonly string[] {
  const patterns = [
    "*.md",
    "docs/**/*.md",
    "packages/*/README.md",
    "examples/README.md",
    "examples/*/README.md",
  ];
  const options = { cwd: repository, exclude: ["docs/api/**"] };
  return globSync(patterns, options).sort();
}

/** Returns a page's text. */
export function readPage(page: string): string {
  return readFileSync(resolve(repository, page), "utf8");
}
