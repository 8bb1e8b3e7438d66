import assert from "node:assert/strict";
import { ConfigurationError } from "../../errors/configuration-error.ts";
import { TimeoutError } from "../../errors/timeout-error.ts";
import type { CallOptions } from "../../spec/call-options.ts";
import type { Collection } from "../../spec/collection.ts";
import type { IdfScope } from "../../spec/collection-spec.ts";
import type { Hit, SearchQuery } from "../../spec/search.ts";
import type { VectorStore } from "../../spec/vector-store.ts";
import {
  denseLeg,
  DOCS,
  docs,
  hybridUpsert,
  idOf,
  numbersOf,
  sparse,
  sparseLeg,
  sparseUpsert,
  upsert,
  withCode,
  type StorePromise,
} from "./contract-points.ts";
import { assertHits, assertNear, idf, isNear } from "./near.ts";
import { assertUnsupported, either, hybridDocs, withSparse, withStatistics } from "./needs.ts";

async function lexical(store: VectorStore, idfKind: "bm25" | "none"): Promise<Collection> {
  await store.ensureCollection({
    name: "lexical",
    sparse: { encoderId: "encoder", idf: idfKind },
    fields: { kind: "keyword" },
  });
  const collection = store.collection("lexical");
  const { failures } = await collection.write([
    sparseUpsert(1, { 1: 1, 2: 2 }, { kind: "a" }),
    sparseUpsert(2, { 1: 0.5 }, { kind: "b" }),
    sparseUpsert(3, { 2: 1, 3: 4 }, { kind: "a" }),
    sparseUpsert(4, { 9: 1 }, { kind: "b" }),
  ]);
  assert.equal(failures.size, 0);
  return collection;
}

const TERM_1 = { legs: [sparseLeg({ 1: 1 })], limit: 9 } as const satisfies SearchQuery;

/** Searches term 1 after one of its two points is deleted, and again after the other point is replaced. */
async function afterRemovals(store: VectorStore): Promise<readonly [readonly Hit[], readonly Hit[]]> {
  const collection = await lexical(store, "bm25");
  await collection.write([{ type: "delete", id: idOf(1) }]);
  const afterDelete = await collection.search(TERM_1);
  await collection.write([sparseUpsert(4, { 1: 2 }), sparseUpsert(2, { 7: 1 })]);
  return [afterDelete, await collection.search(TERM_1)];
}

interface ScopedStatistics {
  readonly scores: readonly number[];
  readonly idf: readonly (number | undefined)[];
  readonly points: readonly number[];
}

/** Returns the scores and statistics of term 7 in two tenants: 1 of 2 points has it in `a`, and 4 of 4 in
 * `b`. */
async function statisticsOfTenants(store: VectorStore, idfScope: IdfScope): Promise<ScopedStatistics> {
  const spec = { encoderId: "encoder", idfScope };
  await store.ensureCollection({ ...DOCS, sparse: spec, tenancy: "required" });
  const batches = {
    a: [hybridUpsert(1, sparse({ 7: 1 })), hybridUpsert(2, sparse({ 8: 1 }))],
    b: [1, 2, 3, 4].map((n) => hybridUpsert(n, sparse({ 7: 1 }))),
  };
  const handles = Object.entries(batches).map(([tenant, batch]) => ({
    collection: store.collection("docs", { tenant }),
    batch,
  }));
  for (const { collection, batch } of handles) await collection.write(batch);
  const query: SearchQuery = { legs: [sparseLeg({ 7: 1 })], limit: 1 };
  const read = handles.map(async ({ collection }) => ({
    hits: await collection.search(query),
    statistics: await collection.termStatistics(Uint32Array.of(7)),
  }));
  const found = await Promise.all(read);
  return {
    scores: found.flatMap(({ hits }) => hits.map(({ score }) => score)),
    idf: found.map(({ statistics }) => statistics.terms[0]?.idf),
    points: found.map(({ statistics }) => statistics.points),
  };
}

const SCOPED: Readonly<
  Record<IdfScope, Pick<ScopedStatistics, "points"> & { readonly idf: readonly number[] }>
> = {
  tenant: { idf: [idf(2, 1), idf(4, 4)], points: [2, 4] },
  collection: { idf: [idf(6, 5), idf(6, 5)], points: [6, 6] },
};

/** Promises about sparse vectors and term statistics. */
export const sparsePromises: readonly StorePromise[] = [
  withStatistics(
    "scores a sparse hit by the sum of query weight × stored weight × IDF over shared terms",
    async (store) => {
      const collection = await lexical(store, "bm25");
      const hits = await collection.search({ legs: [sparseLeg({ 1: 1, 2: 0.5, 3: 1 })], limit: 9 });
      assertHits(hits, [
        [3, 0.5 * idf(4, 2) + 4 * idf(4, 1)],
        [1, idf(4, 2) + 0.5 * 2 * idf(4, 2)],
        [2, 0.5 * idf(4, 2)],
      ]);
    },
  ),
  withStatistics("counts every point before the filter for IDF", async (store) => {
    const collection = await lexical(store, "bm25");
    assertHits(await collection.search({ ...TERM_1, filter: { kind: "b" } }), [[2, 0.5 * idf(4, 2)]]);
  }),
  either(
    "updates statistics immediately after deletions and replacements, or still counts the old points",
    ({ sparseStatistics }) => sparseStatistics !== "lagging",
    {
      yes: async (store, { sparse: hasSparse, sparseStatistics }) => {
        if (sparseStatistics === "none")
          return assertUnsupported(lexical(store, "bm25"), hasSparse ? "sparseStatistics" : "sparse");
        const [afterDelete, afterReplacement] = await afterRemovals(store);
        assertHits(afterDelete, [[2, 0.5 * idf(3, 1)]]);
        assertHits(afterReplacement, [[4, 2 * idf(3, 1)]]);
      },
      no: async (store) => {
        const [afterDelete, afterReplacement] = await afterRemovals(store);
        assertHitOf(afterDelete, 2, [0.5 * idf(3, 1), 0.5 * idf(4, 2)]);
        assertHitOf(afterReplacement, 4, [2 * idf(3, 1), 2 * idf(6, 3)]);
      },
    },
  ),
  ...(["tenant", "collection"] as const).map((scope) =>
    either(
      `counts IDF and term statistics within the ${scope}, or refuses that scope`,
      ({ idfScopes }) => idfScopes.includes(scope),
      {
        yes: async (store) => {
          const { scores, idf: factors, points } = await statisticsOfTenants(store, scope);
          assertNear(scores, SCOPED[scope].idf, 1e-5);
          assertNear(
            factors.map((factor = NaN) => factor),
            SCOPED[scope].idf,
            1e-5,
          );
          assert.deepEqual(points, SCOPED[scope].points);
        },
        no: async (store, { sparse: hasSparse, sparseStatistics }) => {
          const missing = sparseStatistics === "none" ? "sparseStatistics" : "idfScopes";
          await assertUnsupported(statisticsOfTenants(store, scope), hasSparse ? missing : "sparse");
        },
      },
    ),
  ),
  either(
    "has scopes for IDF if and only if it has statistics, which need sparse vectors",
    ({ sparseStatistics }) => sparseStatistics !== "none",
    {
      yes: async (_store, { sparse: hasSparse, idfScopes }) => {
        assert.ok(hasSparse);
        assert.notDeepEqual(idfScopes, []);
      },
      no: async (_store, { idfScopes }) => assert.deepEqual(idfScopes, []),
    },
  ),
  withSparse("scores a sparse hit by the plain inner product with idf none", async (store) => {
    const collection = await lexical(store, "none");
    const hits = await collection.search({ legs: [sparseLeg({ 1: 1, 3: 0.25 })], limit: 9 });
    assertHits(hits, [
      [1, 1],
      [3, 1],
      [2, 0.5],
    ]);
  }),
  either(
    "returns the scores' term statistics in order, also for terms that no point has, or refuses them",
    ({ sparseStatistics }) => sparseStatistics !== "none",
    {
      yes: async (store) => {
        const collection = await lexical(store, "bm25");
        const { points, terms } = await collection.termStatistics(Uint32Array.of(3, 77, 1, 3));
        assert.equal(points, 4);
        const containing = [1, 0, 2, 1];
        assertNear(
          terms.map((term) => term.idf),
          containing.map((count) => idf(4, count)),
          1e-5,
        );
        for (const [i, term] of terms.entries())
          if (term.containing !== undefined) assert.equal(term.containing, containing[i]);
        assert.deepEqual((await collection.termStatistics(new Uint32Array())).terms, []);
        const plain = await docs(store);
        await assert.rejects(plain.termStatistics(Uint32Array.of(1)), ConfigurationError);
      },
      no: async (store) => {
        const collection = await docs(store);
        await assertUnsupported(collection.termStatistics(Uint32Array.of(1)), "sparseStatistics");
      },
    },
  ),
  withStatistics("observes signal, deadline, tenancy and closing in termStatistics", async (store) => {
    const collection = await lexical(store, "bm25");
    const ask = (options?: CallOptions) => collection.termStatistics(Uint32Array.of(1), options);
    const reason = new Error("enough");
    await assert.rejects(ask({ signal: AbortSignal.abort(reason) }), (error) => error === reason);
    await assert.rejects(ask({ deadlineAt: Date.now() - 1 }), TimeoutError);
    const bound = store.collection("lexical", { tenant: "a" });
    await assert.rejects(bound.termStatistics(Uint32Array.of(1)), withCode("tenant_forbidden"));
    await store.deleteCollection("lexical");
    await assert.rejects(ask(), withCode("not_found"));
    await store.close();
    await assert.rejects(ask(), withCode("closed"));
  }),
  withSparse("orders sparse hits with equal scores by id", async (store) => {
    const collection = await hybridDocs(store);
    await collection.write([5, 3, 8, 1].map((n) => hybridUpsert(n, sparse({ 1: 1 }))));
    const hits = await collection.search({ legs: [sparseLeg({ 1: 1 })], limit: 9 });
    assert.deepEqual(numbersOf(hits), [1, 3, 5, 8]);
  }),
  withSparse(
    "scores sparse hits above 0, observes minScore, and finds nothing without terms",
    async (store) => {
      const collection = await lexical(store, "none");
      const search = async (terms: Record<number, number>, minScore?: number): Promise<readonly number[]> =>
        numbersOf(await collection.search({ legs: [sparseLeg(terms, { minScore })], limit: 9 }));
      assert.deepEqual(await search({}), []);
      assert.deepEqual(await search({ 77: 1 }), []);
      assert.deepEqual(await search({ 1: 0 }), []);
      assert.deepEqual(await search({ 1: 1 }, 0), [1, 2]);
      assert.deepEqual(await search({ 1: 1 }, 0.6), [1]);
    },
  ),
  withSparse("refuses query terms that are uneven, unsorted or not finite", async (store) => {
    const collection = await hybridDocs(store);
    const uneven = { indices: Uint32Array.of(1, 2), values: Float32Array.of(1) };
    const unsorted = { indices: Uint32Array.of(2, 1), values: Float32Array.of(1, 1) };
    for (const leg of [{ sparse: uneven }, { sparse: unsorted }, sparseLeg({ 1: NaN })])
      await assert.rejects(collection.search({ legs: [leg], limit: 1 }), withCode("invalid_vector"));
  }),
  withSparse(
    "refuses a leg with both kinds of vectors, or with a kind that the collection does not have",
    async (store) => {
      const both = await hybridDocs(store);
      await both.write([hybridUpsert(1, sparse({ 1: 1 }))]);
      const leg = { ...denseLeg([1, 0, 0]), ...sparseLeg({ 1: 1 }) };
      await assert.rejects(both.search({ legs: [leg], limit: 1 }), ConfigurationError);
      const terms = await lexical(store, "none");
      await assert.rejects(terms.search({ legs: [denseLeg([1, 0])], limit: 1 }), ConfigurationError);
    },
  ),
  withSparse("stores a point without terms and never finds it by a sparse leg", async (store) => {
    const collection = await hybridDocs(store);
    await collection.write([hybridUpsert(1, sparse({})), hybridUpsert(2, sparse({ 1: 1 }))]);
    assert.equal(await collection.count(), 2);
    const hits = await collection.search({ legs: [sparseLeg({ 1: 1 })], limit: 9 });
    assert.deepEqual(numbersOf(hits), [2]);
    assert.deepEqual((await collection.get([idOf(1)]))[0]?.chunk.text, upsert(1).chunk.text);
  }),
];

/** Asserts a single hit whose score is one of the given ones. */
function assertHitOf(hits: readonly Hit[], n: number, scores: readonly number[]): void {
  assert.deepEqual(numbersOf(hits), [n]);
  const score = hits[0]?.score ?? NaN;
  assert.ok(
    scores.some((wanted) => isNear(score, wanted)),
    `score ${score}, expected one of ${scores.join(", ")}`,
  );
}
