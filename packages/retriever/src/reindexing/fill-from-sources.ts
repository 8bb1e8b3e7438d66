import { BinnacleError, ConfigurationError, type Collection } from "@binnacle/core";
import { createIndexer } from "../indexing/create-indexer.ts";
import { verifyIndex } from "../indexing/verify-index.ts";
import type { IndexDifference } from "../indexing/verify/findings.ts";
import type { ReindexSource } from "./reindex-options.ts";
import type { ReindexRun } from "./reindex-run.ts";

/** Most rounds of sync and comparison. A source that is edited during a round needs another round. */
const MAX_ROUNDS = 3;

/** Syncs every source into the new collection, verifies it, and then switches the alias. */
export async function fillFromSources(
  sources: readonly ReindexSource[],
  run: ReindexRun,
  switchAlias: () => Promise<void>,
): Promise<void> {
  await checkCoverage(sources, run);
  for (const source of sources) await fill(source, run);
  await switchAlias();
}

async function fill({ source, tenant }: ReindexSource, run: ReindexRun): Promise<void> {
  const { store, manifest, tally, report, call, leaseWaitMs } = run;
  const index = { ...run.index, name: run.spec.name };
  const embeddedBefore = tally.embeddings;
  let done = 0;
  const indexer = createIndexer({
    store,
    index,
    manifest,
    tenant,
    leaseWaitMs,
    onProgress: (progress) => {
      done = progress.documentsDone;
      report({ phase: progress.phase === "waiting" ? "waiting" : "filling", unit: "documents", done });
    },
  });
  let first: IndexDifference | undefined;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const { embeddings } = (await indexer.sync(source, call)).throwIfFailed();
    tally.embeddings += embeddings;
    report({ phase: "checking", unit: "documents", done });
    const { ok, differences } = await verifyIndex({
      ...call,
      store,
      index,
      source,
      tenant,
      maxDifferences: 1,
    });
    if (ok) return;
    [first] = differences;
  }
  const embedded = tally.embeddings - embeddedBefore;
  throw new BinnacleError(
    "reindex_differs",
    `source "${source.id}" and the new collection "${index.name}" still differ after ${MAX_ROUNDS} rounds (document "${first?.documentId}": ${first?.message}; ${embedded} embeddings). The alias was not switched. Run reindex again when the source rests.`,
    { retryable: true },
  );
}

/** Documents of other sources, such as pushed documents, would be missing after the switch. */
async function checkCoverage(sources: readonly ReindexSource[], run: ReindexRun): Promise<void> {
  const { store, from, call } = run;
  if (from === undefined) return;
  const tenants = [...new Set(sources.map(({ tenant }) => tenant))];
  for (const tenant of tenants) {
    const old: Collection = store.collection(from, tenant === undefined ? undefined : { tenant });
    let rest = await old.count(undefined, call);
    const ids = new Set(sources.filter((one) => one.tenant === tenant).map(({ source }) => source.id));
    for (const sourceId of ids) rest -= await old.count({ sourceId }, call);
    if (rest <= 0) continue;
    const message = `collection "${from}" has ${rest} points of other sources, which would be missing after the switch. Pass every source, remove theirs with removeSource, or copy the points.`;
    throw new ConfigurationError(`reindex: ${message}`, {
      code: "sources_missing",
      issues: [{ path: "sources", message }],
    });
  }
}
