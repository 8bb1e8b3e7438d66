import type { Metadata, Passage, Retrieval, RetrieveOptions, Retriever, StoredPoint } from "@binnacle/core";
import { kubernetesRelations } from "@binnacle/k8s-sync";
import { createRetriever } from "@binnacle/retriever";
import type { Asking } from "./assistant.ts";
import { objectRow, type ObjectRow } from "./object-row.ts";
import type { ParsedQuestion } from "./parse-question.ts";

const mostPassages = 6;
const mostRelated = 6;

/**
 * Creates the retriever of one question. Objects that the question names come first, then what the search finds,
 * then related objects. Objects that the asker may not read are left out before anything else sees them.
 */
export function createQuestionRetriever(question: ParsedQuestion, asking: Asking): Retriever {
  const { open, search, call } = asking;
  const expand = { relations: kubernetesRelations, from: 3, limit: mostRelated };
  const retriever = createRetriever({ store: open.store, index: open.index, limit: mostPassages, expand });
  return {
    retrieve: async (query, options: RetrieveOptions = {}): Promise<Retrieval> => {
      const filter = search.filter({ ...question, names: [], states: [], images: [], nodes: [], labels: [] });
      const found = await retriever.retrieve(query, { ...options, filter });
      const named = (await pointsOf(question, asking)).slice(0, 3);
      const near = (
        await Promise.all(
          named.map(async (point) =>
            (await search.related(point, call)).map(({ relation, point: other }) =>
              passageOf(other, {
                relation,
                documentId: point.chunk.documentId,
                sourceId: point.chunk.sourceId,
              }),
            ),
          ),
        )
      ).flat();
      const all = unique([
        ...named.map((point) => passageOf(point)),
        ...near.slice(0, mostRelated),
        ...found.passages,
      ]);
      return { ...found, passages: await readable(all, asking) };
    },
  };
}

/** Returns the objects that the question names. A question why a namespace or a kind has trouble means the objects that
 * are not ready or have warnings. */
export async function pointsOf(
  question: ParsedQuestion,
  { search, call }: Pick<Asking, "search" | "call">,
): Promise<readonly StoredPoint[]> {
  const { route, names, namespaces, kinds } = question;
  const isGeneral = route === "why" && names.length === 0 && namespaces.length + kinds.length > 0;
  return isGeneral ? await search.troubled(question, call) : await search.named(question, call);
}

/** Returns the objects that a search finds for the question. */
export async function findRows(question: ParsedQuestion, asking: Asking): Promise<readonly ObjectRow[]> {
  const { passages } = await createQuestionRetriever(question, asking).retrieve(question.text, asking.call);
  const rows = passages.filter(({ via }) => via === undefined).map(rowOfPassage);
  return [...new Map(rows.map((row) => [row.documentId, row])).values()];
}

/** Returns the row of a passage's object. */
export function rowOfPassage({ documentId, hits, metadata }: Passage): ObjectRow {
  const [hit] = hits;
  const observed = hit?.chunk.observed ?? {};
  return { ...objectRow({ chunk: { ...emptyChunk, documentId, observed }, metadata }), documentId };
}

const emptyChunk = {
  sourceId: "",
  documentId: "",
  slot: 0,
  index: 0,
  start: 0,
  end: 0,
  text: "",
  context: "",
  tokens: 0,
  path: [],
  contentHash: "",
  documentVersion: "",
  mediaType: "",
};

function passageOf({ id, version, chunk, metadata }: StoredPoint, via?: Passage["via"]): Passage<Metadata> {
  const { documentId, sourceId, start, end, text, path, title, uri } = chunk;
  const hits = [{ id, score: 0, version, chunk, metadata }];
  const passage = { documentId, sourceId, start, end, text, path, title, uri, score: 0, metadata, hits };
  return via === undefined ? passage : { ...passage, via };
}

function unique(passages: readonly Passage[]): readonly Passage[] {
  const seen = new Set<string>();
  return passages.filter(({ documentId, start }) => {
    const key = `${documentId}@${start}`;
    return !seen.has(key) && seen.add(key);
  });
}

async function readable(passages: readonly Passage[], { access }: Asking): Promise<readonly Passage[]> {
  const rows = new Map(passages.map((passage) => [passage.documentId, rowOfPassage(passage)]));
  const allowed = new Set((await access.allowed([...rows.values()])).map(({ documentId }) => documentId));
  return passages.filter(({ documentId }) => allowed.has(documentId));
}
