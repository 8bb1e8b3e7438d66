import { readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Document, DocumentSource } from "@binnacle/core";
import { fromDocuments } from "@binnacle/retriever";
import { FolderSource } from "@binnacle/retriever/folder";
import { z } from "zod";
import { fetchManual } from "./manual-pages.ts";
import { readQuestions, type LabelledQuestion } from "./questions.ts";

/** Documents and the questions about them. */
export interface Corpus {
  readonly name: string;
  readonly source: DocumentSource;
  readonly questions: readonly LabelledQuestion[];
  /** True if the corpus is too large to embed here, so that it is searched without vectors. */
  readonly isLarge?: boolean | undefined;
}

const home = import.meta.dirname;
const retrievalSets =
  process.env["BINNACLE_RETRIEVAL_SETS"] ?? resolve(home, "../../../shared/data/retrieval");

/** Opens every corpus, smallest first. Reports each missing corpus by a note. */
export async function openCorpora(note: (line: string) => void): Promise<readonly Corpus[]> {
  const elsewhere = await readQuestions("elsewhere");
  const own = async (name: string, source: DocumentSource): Promise<Corpus> => {
    return { name, source, questions: [...(await readQuestions(name)), ...elsewhere] };
  };
  const pages = (path: string): DocumentSource => new FolderSource({ path: join(home, "corpora", path) });
  return [
    await own("cooperative", pages("cooperative")),
    await own("campsite", pages("campsite")),
    await own("handbook", pages("handbook")),
    await own(
      "docs",
      documentsOf("docs", await readDocuments(join(home, "corpora/docs.json")), "text/markdown"),
    ),
    ...(await manualCorpora(elsewhere, note)),
    ...(await setCorpora(elsewhere, note)),
  ];
}

/** Opens the whole manual, and the pages of it that answer a question. */
async function manualCorpora(
  elsewhere: readonly LabelledQuestion[],
  note: (line: string) => void,
): Promise<readonly Corpus[]> {
  try {
    const { folder, version } = await fetchManual(resolve(home, "../../.cache/evaluation"));
    const questions = await readQuestions("manual");
    const include = [...new Set(questions.flatMap((question) => question.pages.slice(0, 1)))];
    const all = [...questions, ...elsewhere];
    note(`manual: ${version}`);
    return [
      { name: "manual pages", source: new FolderSource({ path: folder, include }), questions: all },
      {
        name: "manual",
        source: new FolderSource({ path: folder, include: ["*.html"] }),
        questions: all,
        isLarge: true,
      },
    ];
  } catch (error) {
    note(`skipped: manual (${error instanceof Error ? error.message : String(error)})`);
    return [];
  }
}

const setSchema = z.object({
  docs: z.record(z.string(), z.string()),
  queries: z.record(z.string(), z.string()),
  qrels: z.record(z.string(), z.record(z.string(), z.number())),
});

/** Opens labelled sets by other authors. All of their questions are held out. */
async function setCorpora(
  elsewhere: readonly LabelledQuestion[],
  note: (line: string) => void,
): Promise<readonly Corpus[]> {
  const path = join(retrievalSets, "anthropic-docs.json");
  if (
    await stat(path).then(
      () => false,
      () => true,
    )
  ) {
    note(`skipped: anthropic-docs (${path} is not there; set BINNACLE_RETRIEVAL_SETS)`);
    return [];
  }
  const { docs, queries, qrels } = setSchema.parse(JSON.parse(await readFile(path, "utf8")));
  const questions = Object.entries(queries).map(([id, question]): LabelledQuestion => {
    return { set: "held-out", kind: "direct", question, pages: Object.keys(qrels[id] ?? {}) };
  });
  return [
    {
      name: "anthropic-docs",
      source: documentsOf("anthropic-docs", docs, "text/plain"),
      questions: [...questions, ...elsewhere],
    },
  ];
}

async function readDocuments(path: string): Promise<Readonly<Record<string, string>>> {
  return setSchema.pick({ docs: true }).parse(JSON.parse(await readFile(path, "utf8"))).docs;
}

function documentsOf(
  name: string,
  docs: Readonly<Record<string, string>>,
  mediaType: string,
): DocumentSource {
  const documents = Object.entries(docs).map(([id, text]): Document => ({
    id,
    text,
    mediaType,
    metadata: {},
  }));
  return fromDocuments(documents, { id: name, complete: true });
}
