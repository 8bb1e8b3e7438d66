import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { LabelledSet } from "./labelled-sets.ts";

const documented =
  /^\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n((?:export )?(?:async )?(?:function|class) (\w+)[\s\S]*?\n\})/gmu;

/**
 * Makes a set of this repository's functions and classes. The query is the first sentence of the
 * documentation, and the document is the code without it.
 */
export async function codeSet(folder: string): Promise<LabelledSet> {
  const docs = new Map<string, string>();
  const queries: { text: string; grades: ReadonlyMap<string, number> }[] = [];
  const files: string[] = [];
  for await (const file of glob("*/src/**/*.ts", { cwd: folder })) files.push(file);
  for (const file of files.sort().filter((name) => !/\.test|fixtures/u.test(name))) {
    const text = await readFile(join(folder, file), "utf8");
    for (const [, comment = "", code = "", name = ""] of text.matchAll(documented)) {
      const id = `${file}#${name}`;
      docs.set(id, code);
      queries.push({ text: firstSentence(comment), grades: new Map([[id, 1]]) });
    }
  }
  return { name: "code", docs, queries };
}

function firstSentence(comment: string): string {
  const words = comment
    .replace(/\n\s*\*/gu, " ")
    .replace(/\s+/gu, " ")
    .trim();
  return (/^.*?\.(?= |$)/u.exec(words)?.[0] ?? words).replace(/\{@link (\S+)\}/gu, "$1");
}
