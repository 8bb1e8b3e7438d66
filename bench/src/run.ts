// npm run bench -- NAME …: runs the named suites, or all. Prints tables, then one JSON line per row.
type Suite = (options: readonly string[]) => Promise<boolean>;

const suites: Readonly<Record<string, () => Promise<Suite>>> = {
  chunk: async () => (await import("./chunk.ts")).chunkSuite,
  index: async () => (await import("./index.ts")).indexSuite,
  cache: async () => (await import("./cache/cache-suite.ts")).cacheSuite,
  spans: async () => (await import("./chunk-spans.ts")).chunkSpansSuite,
  search: async () => (await import("./search/search-suite.ts")).searchSuite,
  size: async () => (await import("./size.ts")).sizeSuite,
  qdrant: async () => (await import("./qdrant/qdrant-suite.ts")).qdrantSuite,
  triton: async () => (await import("./embed/triton-rows.ts")).tritonSuite,
  pool: async () => (await import("./pool/pool-suite.ts")).poolSuite,
  stream: async () => (await import("./inference/stream-suite.ts")).streamSuite,
  embed: async () => (await import("./inference/embed-suite.ts")).embedSuite,
  batch: async () => (await import("./inference/batch-suite.ts")).batchSuite,
  live: async () => (await import("./live.ts")).liveSuite,
  k8s: async () => (await import("./k8s/k8s-suite.ts")).k8sSuite,
  server: async () => (await import("./server/server-suite.ts")).serverSuite,
  switches: async () => (await import("./switches/switches-suite.ts")).switchesSuite,
};

const given = process.argv.slice(2);
const options = given.filter((argument) => argument.startsWith("--"));
const names = given.filter((argument) => !argument.startsWith("--"));
const unknown = names.filter((name) => !Object.hasOwn(suites, name));
if (unknown.length > 0) {
  console.error(`bench: no suite "${unknown.join('", "')}"; there are: ${Object.keys(suites).join(", ")}`);
  process.exit(1);
}

let isCorrect = true;
for (const [name, load] of Object.entries(suites)) {
  if (names.length > 0 && !names.includes(name)) continue;
  const suite = await load();
  isCorrect = (await suite(options)) && isCorrect;
}
// Only a wrong figure is a failure, never a slow machine.
process.exitCode = isCorrect ? 0 : 1;
