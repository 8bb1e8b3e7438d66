import type { Metadata, RelatedDocuments, Retriever } from "@binnacle/core";
import { FakeEmbedder } from "@binnacle/core/testing";
import { describe, expect, it } from "vitest";
import { createRetriever } from "./create-retriever.ts";
import { indexed, textDocument } from "./fixtures/indexed.ts";
import type { Expansion } from "./retriever-options.ts";

const fields = { key: "keyword", needs: "keyword", team: "keyword" } as const;

const documents = [
  textDocument("web", "The web server answers visitors of the harbour.", {
    metadata: { key: "web", needs: ["db", "cfg"], team: "a" },
  }),
  textDocument("db", "Tables of the shop.", { metadata: { key: "db", needs: [], team: "a" } }),
  textDocument("cfg", "Settings.", { metadata: { key: "cfg", needs: [], team: "b" } }),
  textDocument("job", "Nightly report.", { metadata: { key: "job", needs: ["db"], team: "a" } }),
];

/** Follows `needs` in both directions. */
function relations({ key, needs }: Metadata): readonly RelatedDocuments[] {
  const names = Array.isArray(needs) ? needs.map(String) : [];
  return [
    {
      filter: { key: { $in: names } },
      relationTo: (other) => (names.includes(String(other["key"])) ? "needs" : undefined),
    },
    {
      filter: { needs: String(key) },
      relationTo: ({ needs: theirs }) =>
        Array.isArray(theirs) && theirs.includes(String(key)) ? "neededBy" : undefined,
    },
  ];
}

async function retrieverOver(
  mode: "dense" | "lexical",
  expand: Expansion,
  tenant?: string,
): Promise<Retriever> {
  const embedder = new FakeEmbedder({ dimensions: 64 });
  const { store, index } = await indexed(documents, { embedder, fields, tenant });
  return createRetriever({ store, index, mode, tenant, limit: 1, expand });
}

describe.each(["dense", "lexical"] as const)("expand over a %s search", (mode) => {
  it("adds the documents that the best passage names, with the reason", async () => {
    const retriever = await retrieverOver(mode, { relations });
    const { passages } = await retriever.retrieve("The web server answers visitors of the harbour.");
    const [first, ...related] = passages;
    expect(first).toMatchObject({ documentId: "web" });
    expect(first?.via).toBeUndefined();
    expect(related.map(({ documentId }) => documentId).sort()).toEqual(["cfg", "db"]);
    for (const { via, score } of related) {
      expect(via).toEqual({ relation: "needs", documentId: "web", sourceId: first?.sourceId });
      expect(score).toBe(0);
    }
  });

  it("adds the documents that name the passage, but follows one step only", async () => {
    const retriever = await retrieverOver(mode, { relations });
    const { passages } = await retriever.retrieve("Settings.");
    expect(passages.map(({ documentId, via }) => [documentId, via?.relation])).toEqual([
      ["cfg", undefined],
      ["web", "neededBy"],
    ]);
  });

  it("keeps the filter of the call for related passages", async () => {
    const retriever = await retrieverOver(mode, { relations });
    const { passages } = await retriever.retrieve("The web server answers visitors of the harbour.", {
      filter: { team: "a" },
    });
    expect(passages.map(({ documentId }) => documentId)).toEqual(["web", "db"]);
  });

  it("adds no more passages than its limit", async () => {
    const retriever = await retrieverOver(mode, { relations, limit: 1 });
    const { passages } = await retriever.retrieve("The web server answers visitors of the harbour.");
    expect(passages).toHaveLength(2);
  });
});

it("adds only related passages that fit into the rest of the token budget", async () => {
  const embedder = new FakeEmbedder({ dimensions: 64 });
  const { store, index } = await indexed(documents, { embedder, fields });
  const retriever = createRetriever({ store, index, mode: "dense", limit: 1, expand: { relations } });
  const ask = async (maxTokens?: number): Promise<readonly (readonly [string, number])[]> => {
    const query = "The web server answers visitors of the harbour.";
    const { passages } = await retriever.retrieve(query, { maxTokens });
    return passages.flatMap(({ documentId, hits }) =>
      hits.map(({ chunk }) => [documentId, chunk.tokens] as const),
    );
  };
  const tokens = new Map(await ask());
  const [web = 0, db = 0, cfg = 0] = ["web", "db", "cfg"].map((id) => tokens.get(id));
  expect(cfg).toBeLessThan(db);
  const found = async (maxTokens: number): Promise<readonly string[]> =>
    (await ask(maxTokens)).map(([id]) => id).sort();
  expect(await found(web + db + cfg)).toEqual(["cfg", "db", "web"]);
  expect(await found(web + cfg)).toEqual(["cfg", "web"]);
  expect(await found(web)).toEqual(["web"]);
});

it("never adds a passage of another tenant", async () => {
  const embedder = new FakeEmbedder({ dimensions: 64 });
  const { store, index } = await indexed(documents, { embedder, fields, tenant: "north" });
  await indexed([documents[0] ?? textDocument("web", "")], { embedder, fields, tenant: "south", store });
  const retriever = createRetriever({
    store,
    index,
    mode: "dense",
    tenant: "south",
    limit: 1,
    expand: { relations },
  });
  const { passages } = await retriever.retrieve("harbour");
  expect(passages.map(({ documentId }) => documentId)).toEqual(["web"]);
});

it("asks the store nothing more if a passage has no relations", async () => {
  const retriever = await retrieverOver("dense", { relations: () => [] });
  const { passages } = await retriever.retrieve("Settings.");
  expect(passages.map(({ documentId }) => documentId)).toEqual(["cfg"]);
});
