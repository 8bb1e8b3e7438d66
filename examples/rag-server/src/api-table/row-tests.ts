import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("..", import.meta.url));

/** Returns the first test file of this example for each requirement row that a title names. */
export function rowTests(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const file of globSync("**/*.test.ts", { cwd: folder }).toSorted((a, b) => depth(b) - depth(a))) {
    const source = readFileSync(`${folder}/${file}`, "utf8");
    for (const [, rows = ""] of source.matchAll(/\(((?:[A-Z]\d+, )*[A-Z]\d+)\)["'`],/g))
      for (const row of rows.split(", ")) if (!found.has(row)) found.set(row, file);
  }
  return found;
}

/** The tests of a module stand deeper, and show its routes better than those of the whole server. */
function depth(path: string): number {
  return path.split("/").length;
}
