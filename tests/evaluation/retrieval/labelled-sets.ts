import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { z } from "zod";
import { codeSet } from "./code-set.ts";

/** Documents, queries, and the documents that answer each query. */
export interface LabelledSet {
  readonly name: string;
  readonly docs: ReadonlyMap<string, string>;
  readonly queries: readonly LabelledQuery[];
}

/** A query with the grades of the documents that answer it. */
export interface LabelledQuery {
  readonly text: string;
  readonly grades: ReadonlyMap<string, number>;
}

const home = import.meta.dirname;
/** The folder with the sets that others labelled. */
export const retrievalSets: string =
  process.env["BINNACLE_RETRIEVAL_SETS"] ?? resolve(home, "../../../../shared/data/retrieval");

const foreign = ["anthropic-docs", "cacm", "xquad-en", "xquad-es", "xquad-zh", "xquad-tr", "xquad-el"];

const schema = z.object({
  docs: z.record(z.string(), z.string()),
  queries: z.record(z.string(), z.string()),
  qrels: z.record(z.string(), z.record(z.string(), z.number())),
});

/** Opens every labelled set, or those named. Reports each missing set by a note. */
export async function openSets(
  names: readonly string[],
  note: (line: string) => void,
): Promise<readonly LabelledSet[]> {
  const isWanted = (name: string): boolean => names.length === 0 || names.includes(name);
  const sets: LabelledSet[] = [];
  if (isWanted("thai")) sets.push(await readSet("thai", join(home, "thai.json")));
  if (isWanted("code")) sets.push(await codeSet(resolve(home, "../../../packages")));
  for (const name of foreign.filter(isWanted)) {
    const path = join(retrievalSets, `${name}.json`);
    try {
      sets.push(await readSet(name, path));
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
      note(`skipped: ${name} (${path} is not there; set BINNACLE_RETRIEVAL_SETS)`);
    }
  }
  return sets;
}

async function readSet(name: string, path: string): Promise<LabelledSet> {
  const { docs, queries, qrels } = schema.parse(JSON.parse(await readFile(path, "utf8")));
  return {
    name,
    docs: new Map(Object.entries(docs)),
    queries: Object.entries(queries).map(([id, text]) => ({
      text,
      grades: new Map(Object.entries(qrels[id] ?? {}).filter(([, grade]) => grade > 0)),
    })),
  };
}
