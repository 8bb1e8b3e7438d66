import assert from "node:assert/strict";
import { UnsupportedError } from "../../errors/unsupported-error.ts";
import type { Collection } from "../../spec/collection.ts";
import type { CollectionSpec, SparseSpec } from "../../spec/collection-spec.ts";
import type { StoreCapabilities, VectorStore } from "../../spec/vector-store.ts";
import { DOCS, type StorePromise } from "./contract-points.ts";

type Body = (store: VectorStore, capabilities: StoreCapabilities) => Promise<void>;

/** A promise with one expected outcome for each value of a capability. */
export function either(
  name: string,
  has: (capabilities: StoreCapabilities) => boolean,
  bodies: { readonly yes: Body; readonly no: Body },
): StorePromise {
  return [
    name,
    async (store) => {
      const capabilities = await store.capabilities();
      await (has(capabilities) ? bodies.yes : bodies.no)(store, capabilities);
    },
  ];
}

/** A promise about sparse vectors. A store without them must refuse such a collection. */
export function withSparse(name: string, yes: Body): StorePromise {
  return either(name, ({ sparse }) => sparse, {
    yes,
    no: (store) => assertUnsupported(store.ensureCollection({ ...DOCS, sparse: SPARSE }), "sparse"),
  });
}

/** A promise about IDF. A store without statistics must refuse collections that need them. */
export function withStatistics(name: string, yes: Body): StorePromise {
  return either(name, ({ sparseStatistics }) => sparseStatistics !== "none", {
    yes,
    no: (store, { sparse }) =>
      assertUnsupported(
        store.ensureCollection({ ...DOCS, sparse: SPARSE }),
        sparse ? "sparseStatistics" : "sparse",
      ),
  });
}

/** Asserts that a call is refused with an error that names the capability. */
export async function assertUnsupported(call: Promise<unknown>, capability: string): Promise<void> {
  await assert.rejects(call, (error) => {
    assert.ok(UnsupportedError.isInstance(error), String(error));
    assert.equal(error.capability, capability);
    return true;
  });
}

const SPARSE: SparseSpec = { encoderId: "encoder" };

/** Returns a spec with dense and sparse vectors that the store supports. */
export async function hybridSpec(store: VectorStore): Promise<CollectionSpec & { sparse: SparseSpec }> {
  const { sparseStatistics, idfScopes } = await store.capabilities();
  const idf = sparseStatistics === "none" ? "none" : "bm25";
  return { ...DOCS, sparse: { ...SPARSE, idf, idfScope: idfScopes[0] } };
}

/** Creates the collection of {@link hybridSpec} and returns a handle. */
export async function hybridDocs(
  store: VectorStore,
  changes: Partial<CollectionSpec> = {},
): Promise<Collection> {
  await store.ensureCollection({ ...(await hybridSpec(store)), ...changes });
  return store.collection("docs");
}
