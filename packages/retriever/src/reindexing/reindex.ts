import { createHash } from "node:crypto";
import {
  ConfigurationError,
  UnsupportedError,
  type Alias,
  type AliasAdmin,
  type CollectionSpec,
  type Metadata,
} from "@binnacle/core";
import { configFingerprint } from "../indexing/fingerprint/document-fingerprint.ts";
import { createCollectionSpec } from "../indexing/options/define-index.ts";
import { copyCollection } from "./copy-collection.ts";
import { fillFromSources } from "./fill-from-sources.ts";
import { parseReindexOptions, type ReindexOptions, type ReindexReport } from "./reindex-options.ts";
import type { ReindexRun } from "./reindex-run.ts";

/**
 * Builds a second collection beside the one that an alias means, compares it, and switches the alias in one
 * step. Readers use the old collection until then, and the old collection is kept. After an abort, an error
 * or a crash, the same call continues the collection that it began, and embeds only the missing texts.
 * Rejects with code `reindex_differs` if the new collection does not pass the check; the alias stays
 * unchanged then.
 */
export async function reindex<M extends Metadata, F extends Metadata, W>(
  options: ReindexOptions<M, F, W>,
): Promise<ReindexReport>;
export async function reindex(options: ReindexOptions): Promise<ReindexReport> {
  const startedAt = performance.now();
  const { store, index, sources, tenants, onProgress, ...parsed } = parseReindexOptions(options);
  const { signal, deadlineAt, traceparent, manifest, leaseWaitMs } = parsed;
  const call = { signal, deadlineAt, traceparent };
  const aliases = aliasesOf(store.aliases);
  const spec = await createCollectionSpec(index, call);
  const into = parsed.into ?? derivedName(spec, index.chunker.id);
  const known = await aliases.list(call);
  const target = await aliasTarget(known, options, call);
  const tally = { embeddings: 0 };
  const finished = async (outcome: ReindexReport["outcome"], from?: string): Promise<ReindexReport> => {
    const points = await countPoints(options, into);
    return { outcome, from, into, points, ...tally, durationMs: performance.now() - startedAt };
  };
  if (target === into) return finished("current");
  const from = parsed.from ?? target;
  checkNames({ from, into, alias: index.name, known, hasSources: sources !== undefined });
  const run: ReindexRun = {
    store,
    index,
    spec: { ...spec, name: into },
    from,
    manifest,
    leaseWaitMs,
    call,
    tally,
    report: (progress) => onProgress?.({ ...progress, ...tally }),
  };
  await store.ensureCollection(run.spec, call);
  const switchAlias = async (): Promise<void> => {
    run.report({ phase: "switching", unit: sources ? "documents" : "points", done: 0 });
    await aliases.set({ name: index.name, collection: into }, call);
  };
  if (sources) await fillFromSources(sources, run, switchAlias);
  else await copyCollection(tenants, run, switchAlias);
  return finished("switched", from);
}

function aliasesOf(aliases: AliasAdmin | undefined): AliasAdmin {
  if (aliases) return aliases;
  throw new UnsupportedError("reindex: this store has no aliases, so it cannot switch in one step", {
    capability: "aliases",
  });
}

/** Deterministic, so that a call after a crash finds the collection that it began. */
function derivedName(spec: CollectionSpec, chunkerId: string): string {
  const config = JSON.stringify([configFingerprint(chunkerId, spec), spec.dense?.metric, spec.fields]);
  const digest = createHash("sha256").update(config).digest("hex").slice(0, 8);
  return `${spec.name.slice(0, 119)}-${digest}`;
}

async function aliasTarget(
  known: readonly Alias[],
  { store, index }: ReindexOptions,
  call: ReindexRun["call"],
): Promise<string | undefined> {
  const target = known.find(({ name }) => name === index.name)?.collection;
  if (target !== undefined || (await store.describeCollection(index.name, call)) === undefined) return target;
  throw new ConfigurationError(
    `reindex: "${index.name}" is a collection, and the name of the index must be an alias. Give the index another name, and pass from: "${index.name}".`,
    { code: "name_taken" },
  );
}

interface Names {
  readonly from: string | undefined;
  readonly into: string;
  readonly alias: string;
  readonly known: readonly Alias[];
  readonly hasSources: boolean;
}

function checkNames({ from, into, alias, known, hasSources }: Names): void {
  const refuse = (path: string, message: string): never => {
    throw new ConfigurationError(`reindex: ${path}: ${message}`, { issues: [{ path, message }] });
  };
  if (into === alias) refuse("into", `"${into}" is the alias. Name another collection.`);
  const other = known.find(({ collection }) => collection === into);
  if (other) refuse("into", `"${into}" is in use by alias "${other.name}". Name another collection.`);
  if (into === from) refuse("into", `"${into}" is the old collection. Name another collection.`);
  if (from === undefined && !hasSources)
    refuse(
      "sources",
      `alias "${alias}" does not exist yet. Pass sources, or the collection to copy as from.`,
    );
}

async function countPoints({ store, sources, tenants }: ReindexOptions, into: string): Promise<number> {
  const info = await store.describeCollection(into);
  const bound = [...(tenants ?? []), ...(sources ?? []).flatMap(({ tenant }) => tenant ?? [])];
  const handles =
    info?.tenancy === "required"
      ? [...new Set(bound)].map((tenant) => store.collection(into, { tenant }))
      : [store.collection(into)];
  const counts = await Promise.all(handles.map((handle) => handle.count()));
  return counts.reduce((sum, count) => sum + count, 0);
}
