import { globSync } from "node:fs";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { editSentence } from "./index-corpus.ts";

/** Distance between two changed pages: a fifth of the corpus. */
const STRIDE = 200;

/** Edits one sentence in the middle of a page and returns the page's path. Only `turn` selects the page. */
export async function editPage(folder: string, turn: number): Promise<string> {
  for (const path of pagePaths(folder).slice(turn * STRIDE + 50)) {
    const edited = editSentence(await readFile(join(folder, path), "utf8"));
    if (edited === undefined) continue;
    await writeFile(join(folder, path), edited);
    return path;
  }
  throw new Error(`no page after number ${turn * STRIDE + 50} has a sentence to edit`);
}

/** Renames one page and returns its new path. Only `turn` selects the page. */
export async function renamePage(folder: string, turn: number): Promise<string> {
  const path = pagePaths(folder)[turn * STRIDE + 150];
  if (path === undefined) throw new Error("the corpus is too small for this rename");
  const renamed = path.replace("page-", "renamed-");
  await rename(join(folder, path), join(folder, renamed));
  return renamed;
}

function pagePaths(folder: string): readonly string[] {
  return globSync("**/page-*.md", { cwd: folder }).toSorted();
}
