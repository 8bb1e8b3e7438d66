import assert from "node:assert/strict";
import { BinnacleError } from "../errors/binnacle-error.ts";
import type { Closable } from "../spec/call-options.ts";
import type { Document } from "../spec/document.ts";
import type { Passage, Retrieval, Retriever } from "../spec/retriever.ts";
import { contractCases, type ContractCase } from "./contract-case.ts";

/** A retriever over the contract's documents. */
export interface RetrieverSubject {
  readonly retriever: Retriever;
  /** Releases the resources of the retriever. @default nothing to release */
  readonly close?: Closable["close"] | undefined;
}

const paragraph = (word: string): string =>
  `The ${word} stands by the quay. Whoever looks after the ${word} keeps a log of it.\n\n`;
const subjects = ["lighthouse", "sextant", "capstan", "foghorn", "anchor", "compass"];

/** The documents that the retriever under test must have indexed. `kind` is a keyword field that filters may
 * name. */
const documents: readonly Document[] = [
  {
    id: "harbour.txt",
    text: subjects.map(paragraph).join(""),
    mediaType: "text/plain",
    title: "The harbour",
    uri: "https://example.org/harbour",
    metadata: { kind: "guide" },
  },
  {
    id: "bakery.txt",
    text: "Bread rises in a warm kitchen. The baker folds the dough 🙂 twice and waits.",
    mediaType: "text/plain",
    metadata: { kind: "recipe" },
  },
  {
    id: "garden.txt",
    text: "Tomatoes like sun. Water them in the evening, and never on the leaves.",
    mediaType: "text/plain",
    metadata: { kind: "guide" },
  },
];

/**
 * The contract of retrievers. `create` indexes the given documents with the keyword field `kind`. It returns
 * a retriever that reads at least three hits by default.
 */
export function retrieverContract(
  create: (documents: readonly Document[]) => Promise<RetrieverSubject>,
): readonly ContractCase[] {
  return contractCases(
    () => create(documents),
    async ({ close }) => close?.(),
    [...passagePromises, ...tracePromises, ...callPromises].map(([name, body]) => [
      name,
      ({ retriever }: RetrieverSubject) => body(retriever),
    ]),
  );
}

type Promised = readonly [name: string, body: (retriever: Retriever) => Promise<void>];

const passagePromises: readonly Promised[] = [
  [
    "finds the document that a question is about",
    async (retriever) => {
      const { passages } = await retriever.retrieve("How does bread dough rise?");
      assert.equal(passages[0]?.documentId, "bakery.txt");
    },
  ],
  [
    "returns the document's text from start to end in every passage",
    async (retriever) => {
      for (const query of ["lighthouse sextant capstan foghorn", "baker folds dough", "water tomatoes"]) {
        const { passages } = await retriever.retrieve(query);
        assert.ok(passages.length > 0);
        for (const passage of passages) assertExact(passage);
      }
    },
  ],
  [
    "orders passages best first",
    async (retriever) => {
      const { passages } = await retriever.retrieve("the lighthouse and its log");
      const scores = passages.map(({ score }) => score);
      assert.deepEqual(
        scores,
        scores.toSorted((a, b) => b - a),
      );
    },
  ],
  [
    "returns title, URI and metadata of the document",
    async (retriever) => {
      const { passages } = await retriever.retrieve("Who looks after the lighthouse?");
      const [passage] = passages;
      assert.equal(passage?.title, "The harbour");
      assert.equal(passage.uri, "https://example.org/harbour");
      assert.deepEqual(passage.metadata, { kind: "guide" });
    },
  ],
  [
    "returns no more passages than the limit",
    async (retriever) => {
      const { passages } = await retriever.retrieve("lighthouse bread tomatoes", { limit: 1 });
      assert.equal(passages.length, 1);
    },
  ],
  [
    "finds only what the filter allows",
    async (retriever) => {
      const { passages } = await retriever.retrieve("bread lighthouse tomatoes", {
        filter: { kind: "recipe" },
      });
      assert.deepEqual([...new Set(passages.map(({ documentId }) => documentId))], ["bakery.txt"]);
    },
  ],
];

const tracePromises: readonly Promised[] = [
  [
    "accounts for every hit that it read, as a passage or as a cut with a reason",
    async (retriever) => {
      const retrieval = await retriever.retrieve("the lighthouse, the bread and the sun", { limit: 2 });
      const kept = hitIds(retrieval);
      const cut = retrieval.trace.cuts.map(({ id }) => id);
      assert.equal(new Set([...kept, ...cut]).size, kept.length + cut.length);
      for (const { found } of retrieval.trace.legs) assert.ok(found <= kept.length + cut.length);
    },
  ],
  [
    "returns every hit's rank and score in each leg",
    async (retriever) => {
      const { passages, trace } = await retriever.retrieve("Who looks after the lighthouse?");
      for (const { legs } of passages.flatMap(({ hits }) => hits)) {
        assert.equal(legs?.length, trace.legs.length);
        assert.ok(legs.some((leg) => leg !== undefined && leg.rank >= 1));
      }
    },
  ],
  [
    "finds the same with evidence as without",
    async (retriever) => {
      const plain = await retriever.retrieve("Who looks after the lighthouse?");
      const judged = await retriever.retrieve("Who looks after the lighthouse?", { evidence: true });
      assert.deepEqual(hitIds(judged), hitIds(plain));
      assert.deepEqual(
        JSON.parse(JSON.stringify(judged)).passages,
        JSON.parse(JSON.stringify(plain)).passages,
      );
    },
  ],
  [
    "returns plain data that survives JSON",
    async (retriever) => {
      const retrieval = await retriever.retrieve("warm kitchen");
      const copy: Retrieval = JSON.parse(JSON.stringify(retrieval));
      assert.deepEqual(hitIds(copy), hitIds(retrieval));
      assert.deepEqual(JSON.stringify(copy), JSON.stringify(retrieval));
    },
  ],
];

const callPromises: readonly Promised[] = [
  [
    "refuses a query without any word",
    (retriever) => assert.rejects(retriever.retrieve("  "), { code: "empty_query" }),
  ],
  [
    "refuses a limit below 1",
    (retriever) => assert.rejects(retriever.retrieve("bread", { limit: 0 }), BinnacleError.isInstance),
  ],
  [
    "refuses a filter on a field that the index does not declare",
    (retriever) =>
      assert.rejects(retriever.retrieve("bread", { filter: { colour: "red" } }), BinnacleError.isInstance),
  ],
  [
    "rejects with the signal's own reason",
    async (retriever) => {
      const reason = new Error("changed my mind");
      await assert.rejects(
        retriever.retrieve("bread", { signal: AbortSignal.abort(reason) }),
        (error) => error === reason,
      );
    },
  ],
  [
    "returns its own passages to each of many simultaneous questions",
    async (retriever) => {
      const queries = ["bread dough", "lighthouse quay", "tomatoes sun", "bread dough"];
      const retrievals = await Promise.all(queries.map((query) => retriever.retrieve(query)));
      assert.deepEqual(
        retrievals.map(({ query }) => query),
        queries,
      );
      assert.deepEqual(hitIds(retrievals[0]), hitIds(retrievals[3]));
    },
  ],
];

function hitIds(retrieval: Retrieval | undefined): readonly string[] {
  return (retrieval?.passages ?? []).flatMap(({ hits }) => hits.map(({ id }) => id));
}

function assertExact({ documentId, start, end, text }: Passage): void {
  const document = documents.find(({ id }) => id === documentId);
  assert.notEqual(text, "");
  assert.equal(text, document?.text.slice(start, end));
}
