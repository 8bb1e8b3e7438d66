import { reportCaches } from "./cache/cache-rows.ts";
import { makePages } from "./index-corpus.ts";
import { DIMENSIONS, MAX_TOKENS, MS_PER_TEXT, OVERLAP_TOKENS } from "./index-figures.ts";
import { measureSides } from "./index-processes.ts";
import { reportSyncs, type RowBase } from "./index-sync-rows.ts";
import { printRows, type Row } from "./report.ts";
import { versionsOf } from "./versions.ts";

const SEED = 1;
const packages = [
  "@binnacle/retriever",
  "@langchain/core",
  "@langchain/classic",
  "@langchain/textsplitters",
  "gpt-tokenizer",
];

/**
 * Compares syncs and embedding caches with LangChain. `--cache` measures only the cache. Returns true if all
 * our figures are correct.
 */
export async function indexSuite(options: readonly string[]): Promise<boolean> {
  const corpus = makePages(SEED);
  const { pages, bytes, hash, seed } = corpus;
  const base: RowBase = { suite: "index", versions: versionsOf(packages), seed: `${seed}:${hash}` };
  console.log(
    `index: ${pages.length} pages of Markdown, ${(bytes / 1e6).toFixed(2)} MB, seed ${seed}, sha256 ${hash}; ` +
      `${MAX_TOKENS} tokens with ${OVERLAP_TOKENS} overlap of o200k_base; a fake model of ${DIMENSIONS} dimensions that takes ` +
      `${MS_PER_TEXT} ms per text, one call after the other; Node ${process.versions.node}; warm-up dropped, alternating order, medians`,
  );
  const syncs = options.includes("--cache") ? [] : reportSyncs(await measureSides(corpus), corpus, base);
  const caches = await reportCaches(corpus, base);
  const rows: readonly Row[] = [...syncs, ...caches];
  printRows(rows);
  return rows.every(({ correct }) => correct !== false);
}
